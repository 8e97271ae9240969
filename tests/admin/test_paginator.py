import pytest
from django.contrib.auth.models import Group

from clinics.admin import paginator


@pytest.mark.parametrize(("rows", "count", "capped"), [(0, 0, False), (5, 5, False), (6, 5, True), (9, 5, True)])
def test_a_list_is_counted_as_far_as_anybody_turns_pages(
    db: None, monkeypatch: pytest.MonkeyPatch, rows: int, count: int, capped: bool
) -> None:
    monkeypatch.setattr(paginator, "MOST_COUNTED", 5)
    Group.objects.bulk_create(Group(name=f"group {number}") for number in range(rows))
    pages = paginator.CappedPaginator(Group.objects.filter(name__startswith="group ").order_by("pk"), 2)
    assert (pages.count, pages.is_capped) == (count, capped)
