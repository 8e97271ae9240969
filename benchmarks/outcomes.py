"""How well what stands in a page's place is told from the page itself, on answers written for this purpose.

    python benchmarks/outcomes.py [--misses] [--set second|third]

`benchmarks/outcomes/others.jsonl` holds answers that are no reading of the page: walls, soft "not found" pages, parked
and taken-over addresses, log-ins, shells, partial answers, sites out of order. `ordinary.jsonl` holds pages that
resemble them and must be read. The second and third set were written when
the signs told all of the sets before, to see how far they reach; the README beside this has those first figures.
Prints how many of each kind are told rightly, and whether any page was misread.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from clinics.domain.answer import Answer
from clinics.domain.inspection import inspect
from clinics.domain.outcome import Outcome
from clinics.domain.page_identity import site_of

FOLDER: Final = Path(__file__).with_name("outcomes")
SETS: Final = ("", "second_", "third_")  # each written after the signs were made to tell those before


def answers(name: str) -> Iterator[dict[str, Any]]:
    """The answers in one of the two files, as they are written there."""
    with (FOLDER / f"{name}.jsonl").open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def told(facts: dict[str, Any]) -> tuple[Outcome, str]:
    """What the product makes of an answer: the outcome and the reason."""
    answer = Answer(
        url=facts["url"],
        final_url=facts["final_url"],
        status=facts["status"],
        headers=facts["headers"],
        body=facts["body"].encode(),
    )
    read = inspect(answer, site_of(facts["url"]))
    return read.outcome, read.reason


def main() -> None:
    """Print the table, and with `--misses` every answer that was told wrongly."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--set", choices=["second", "third"], default="")
    options = parser.parse_args()
    right: Counter[str] = Counter()
    count: Counter[str] = Counter()
    caught = 0
    misses = []
    prefix = f"{options.set}_" if options.set else ""
    for name in ("others", "ordinary"):
        for facts in answers(prefix + name):
            outcome, reason = told(facts)
            count[facts["outcome"]] += 1
            right[facts["outcome"]] += outcome == facts["outcome"]
            caught += name == "others" and not outcome.is_observation
            if outcome != facts["outcome"]:
                misses.append(f"{facts['id']}: {facts['outcome']} expected, {outcome} told. {reason}")
    for kind, n in sorted(count.items()):
        print(f"{kind:12} {right[kind]:3} of {n:3} told as that")
    others = sum(count.values()) - count["ok"]
    print(f"no reading   {caught:3} of {others:3} told as none ({caught / others:.1%})")
    print(f"misread      {count['ok'] - right['ok']:3} of {count['ok']:3} ordinary pages")
    if options.misses:
        print("\n".join(misses))


if __name__ == "__main__":
    main()
