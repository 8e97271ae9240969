"""Outlines are read from TopoJSON onto our grid."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from clinics.operations import outlines
from clinics.operations.refusal import Refusal

# Two squares of one degree beside one another share an arc: the second goes along it backwards (number -1 is arc 0).
SQUARES = {
    "type": "Topology",
    "transform": {"scale": [0.1, 0.1], "translate": [-80.0, 25.0]},
    "arcs": [[[10, 0], [0, 10]], [[10, 10], [-10, 0], [0, -10], [10, 0]], [[10, 0], [10, 0], [0, 10], [-10, 0]]],
    "objects": {
        "states": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "arcs": [[0, 1]], "properties": {"name": "Florida"}},
                {"type": "MultiPolygon", "arcs": [[[2, -1]]], "properties": {"name": "Georgia"}},
            ],
        }
    },
}


def in_a_file(folder, facts, layer):
    path = folder / f"{layer}.json"
    path.write_text(json.dumps({**facts, "objects": {layer: facts["objects"]["states"]}}))
    return path


def gathered(folder, states=SQUARES, countries=SQUARES):
    return outlines.gathered(
        in_a_file(folder, states, "states"),
        in_a_file(folder, countries, "countries"),
        {"Florida": "FL"},
        {"Georgia": "GE"},
    )


def test_a_ring_is_its_first_point_in_twentieths_of_a_degree_and_then_steps(tmp_path):
    found = gathered(tmp_path)
    assert found["US-FL"] == [[-1580, 520, -20, 0, 0, -20, 20, 0]]
    assert found["GE"] == [[-1560, 500, 0, 20, -20, 0, 0, -20]], "an arc that is taken backwards"


def test_a_state_and_a_country_of_one_name_stay_apart_and_countries_of_no_key_keep_their_name(tmp_path):
    assert set(gathered(tmp_path)) == {"US-FL", "GE"}


def test_a_ring_over_the_180th_meridian_goes_on_beyond_it(tmp_path):
    west_end = [[3595, 0], [0, 10], [-3590, 0], [0, -10], [3590, 0]]
    across = {**SQUARES, "transform": {"scale": [0.1, 0.1], "translate": [-180.0, 25.0]}, "arcs": [west_end] * 3}
    across = {**across, "objects": {"states": {"geometries": [
        {"type": "Polygon", "arcs": [[0]], "properties": {"name": "Florida"}}
    ]}}}  # fmt: skip
    assert gathered(tmp_path, states=across)["US-FL"] == [[3590, 520, 20, 0, 0, -20, -20, 0]]


def test_what_is_smaller_than_the_grid_is_left_out(tmp_path):
    tiny = {**SQUARES, "transform": {"scale": [0.001, 0.001], "translate": [-80.0, 25.0]}}
    assert gathered(tmp_path, states=tiny).keys() == {"GE"}


@pytest.mark.parametrize("text", ["", "[]", '{"type": "Topology"}', '{"arcs": 5, "transform": {}}'])
def test_a_file_that_is_no_topojson_is_refused_by_its_name(tmp_path, text):
    (tmp_path / "states.json").write_text(text)
    with pytest.raises(Refusal, match=r"states\.json: this is no TopoJSON"):
        outlines.gathered(tmp_path / "states.json", tmp_path / "states.json", {"Florida": "FL"}, {})


def test_the_command_writes_the_file_with_source_and_date_or_says_what_is_missing(tmp_path, capsys):
    states, countries = in_a_file(tmp_path, SQUARES, "states"), in_a_file(tmp_path, SQUARES, "countries")
    call_command("gather_outlines", states=str(states), countries=str(countries), to=str(tmp_path))
    written = json.loads((tmp_path / "outlines.json").read_text())
    assert "Census" in written["source"]
    assert date.fromisoformat(written["date"])
    assert "US-FL" in written["outlines"]
    assert "outlines written" in capsys.readouterr().out
    with pytest.raises(CommandError, match="nothing of that name"):
        call_command("gather_outlines", states=str(tmp_path / "none.json"), countries=str(countries), to=str(tmp_path))
