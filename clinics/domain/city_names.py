"""How the names of US cities are written: abbreviated, by everyday names, with the state behind them."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from clinics.domain.lay_words import folded


@cache
def _data() -> Mapping[str, Any]:
    facts: dict[str, Any] = json.loads(
        (Path(__file__).with_name("data") / "city_names.json").read_text(encoding="utf-8")
    )
    return facts


def city_key(name: str) -> str:
    """By what a city's name is compared: “St. Petersburg” is “Saint Petersburg”, and “O'Fallon” “O Fallon”."""
    words: Mapping[str, str] = _data()["abbreviated"]
    return "".join(words.get(word, word) for word in folded(name).split())


def in_full(name: str) -> str:
    """The name and state, “New York, NY”, of a city that has an everyday name; any other name as it is."""
    return _everyday().get(city_key(name), name)


@cache
def _everyday() -> Mapping[str, str]:
    return {city_key(name): meant for name, meant in _data()["everyday"].items()}
