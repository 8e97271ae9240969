"""The page of numbers: each chart with its table, in both languages, and the same numbers as a file."""

import csv
import io

import pytest
from django.test import Client
from django.utils.html import escape

from clinics.published.insight_charts import CHARTS
from tests.published import rows

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def something_published(db: None) -> None:
    rows.the_vocabulary()
    clinic = rows.a_clinic()
    rows.a_claim(clinic, "We end your suffering.")
    rows.a_check(clinic)


@pytest.mark.parametrize("start", ["", "/es"])
@pytest.mark.parametrize("key", CHARTS)
def test_each_table_is_had_as_a_file_with_the_same_numbers(client: Client, start: str, key: str) -> None:
    page = client.get(f"{start}/insight/").content.decode()
    answer = client.get(f"{start}/insight/{key}.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    table = page[page.index(f'id="{key}"') :].split("</section>")[0]
    for cell in {cell for row in csv.reader(io.StringIO(text)) for cell in row}:
        assert f">{escape(cell)}<" in table, cell


def test_a_chart_that_is_not_there_answers_404(client: Client) -> None:
    assert client.get("/insight/flags.csv").status_code == 404
