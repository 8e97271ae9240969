"""The page of figures: drawings that say in words what they show, tables, and files."""

import csv
import io
import re
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from clinics.admin.figures import CHARTS
from clinics.operations import triage
from clinics.operations.rule_decisions import count_decisions
from tests.admin.conftest import SignedIn
from tests.build import a_clinic, a_flag, a_user

PAGE = reverse("desk_figures")


def some_work() -> None:
    clinic, now = a_clinic(), timezone.now()
    flags = [a_flag(clinic, f"We guarantee {n} things.", at=now - timedelta(days=9 + n)) for n in range(3)]
    triage.confirm(flags[0], reason="Said.", by=a_user(), now=now)
    triage.dismiss(flags[1], reason="Asked.", dismissed_as="question", by=a_user(), now=now)
    count_decisions(now)


def test_every_chart_has_a_drawing_in_words_a_table_and_a_file(signed_in: SignedIn) -> None:
    client = signed_in("auditor")
    some_work()
    text = client.get(PAGE).content.decode()
    assert (
        text.count('role="img" aria-label="')
        == len(CHARTS)
        == text.count("<figcaption>")
        == text.count(', as a table"')
    )
    assert 'aria-label="Flags raised by week: 3 in 26 weeks' in text
    assert " style=" not in text
    assert not re.search(r"<svg[^>]*>[^§]*?NaN", text)
    for key in CHARTS:
        answer = client.get(reverse("desk_figures_data", args=[key]))
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
        heads, *values = rows
        assert all(len(row) == len(heads) for row in values)
        for cell in values[0]:
            assert f">{cell or '–'}</t" in text, (key, cell)


def test_an_empty_desk_has_figures_too(signed_in: SignedIn) -> None:
    answer = signed_in("recorder").get(PAGE)
    assert answer.status_code == 200
    assert "Nothing was decided" in answer.content.decode()


def test_drawings_have_points_before_decimals_in_every_language(signed_in: SignedIn) -> None:
    some_work()
    text = signed_in("reviewer").get(PAGE, headers={"Accept-Language": "es"}).content.decode()
    heights = re.findall(r'<rect class="series0" [^>]*height="([^"]+)"', text)
    assert heights
    assert all(re.fullmatch(r"\d+(\.\d)?", height) for height in heights)


def test_who_may_not_see_flags_sees_no_figures(signed_in: SignedIn) -> None:
    assert signed_in().get(PAGE).status_code == 403
    assert signed_in().get(reverse("desk_figures_data", args=["raised"])).status_code == 403


def test_a_chart_that_there_is_not_is_not_found(signed_in: SignedIn) -> None:
    assert signed_in("reviewer").get(reverse("desk_figures_data", args=["fortune"])).status_code == 404
