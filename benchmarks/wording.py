"""How well risky wording is told from harmless, on the labelled corpus, each batch read by a reader that never saw it.

    python benchmarks/wording.py [--misses] [--only BATCH …] [--jobs N]

Four ways of reading stand side by side: the rules alone, the second reader alone, both on each sentence by itself, and
both as the product uses them, where a sentence of a page is weighed with what stands around it. The batches are left
out in ten groups, and the second reader is trained for each group from all the others (a batch's pairs lie within it).
What stands around sentences is learned from the other groups' pages, too, with the shares that each of those had while
it was left out itself. Rules and cues were partly written with the corpus at hand: the rules' own figures flatter
them, most of all on the batches marked *.
Prints precision, recall, false-flag rate and F1 with 95 % Wilson intervals and n: overall, by source, language,
context, variant, batch, category (recall by the first category) and kind of page. `--misses` lists every misjudged
sentence with what the second reader made of it; `--bars suggest_in_place=0.6 sure=1` tries other shares from which the
second reader's word counts.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import repeat
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from clinics.domain.approved import shipped_products
from clinics.domain.precision import wilson
from clinics.domain.rule import Match
from clinics.domain.rule_files import shipped_rules
from clinics.domain.ruleset import RuleSet
from clinics.domain.second_reader import Bars, SecondReader
from clinics.operations.labelled import Labelled, corpus, rule_examples
from clinics.operations.learning_pages import Place, pages, place_of, with_place
from clinics.operations.training import BARS, Example, examples, reader_of

TUNED: Final = frozenset({"dev", "A", "D", "passages"})
CLINICS: Final = ("clinic", "supplier", "cord", "medspa", "supplement", "practice", "training", "vet")
GROUPS: Final = 10  # of batches that are left out together
WAYS: Final = ("rules", "reader", "by_itself", "both")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What each way of reading made of a sentence."""

    rules: bool
    reader: bool
    by_itself: bool
    both: bool
    share: float


@cache
def rules_alone() -> RuleSet:
    """The shipped rules without the second reader."""
    return RuleSet(shipped_rules(), shipped_products())


@cache
def labelled() -> list[Labelled]:
    """The corpus, in order."""
    return corpus()


@cache
def seen() -> list[Example]:
    """What the model sees of the corpus, in the same order."""
    return examples(labelled(), rules_alone())


@cache
def taught() -> list[Example]:
    """What the model sees of the rules' own examples."""
    return examples(rule_examples(shipped_rules()), rules_alone())


def taught_without(batches: Sequence[str], bars: Bars) -> SecondReader:
    """A reader of sentences that never saw these batches, with these bars."""
    rest = [one for one, each in zip(seen(), labelled(), strict=True) if each.batch not in batches]
    reader = reader_of([*rest, *taught()], 0, " ".join(batches), date.min)
    return SecondReader(reader.model, replace(reader.card, bars=bars))


def heard(batches: Sequence[str], bars: Bars) -> tuple[SecondReader, dict[int, float]]:
    """A reader that never saw these batches, and how sure it is of each of their sentences, by place in the corpus."""
    reader = taught_without(batches, bars)
    mine = (place for place, each in enumerate(labelled()) if each.batch in batches)
    return reader, {place: reader.share_of(seen()[place].groups) for place in mine}


def judged(reader: SecondReader, shares: Mapping[int, float], batches: Sequence[str]) -> list[tuple[int, Verdict]]:
    """Verdicts on batches, by a reader that was taught without them; with places in the corpus.

    `shares`: how sure a reader that had not seen its batch was of each sentence of the corpus, from which pages teach.
    """
    both = RuleSet(shipped_rules(), shipped_products(), with_place(reader, place_without(batches, shares)))
    mine = [place for place, each in enumerate(labelled()) if each.batch in batches]
    in_place: dict[int, bool] = {}
    for places in (each for each in pages(labelled()) if labelled()[each[0]].batch in batches):
        readings = both.read_page([labelled()[place].sentence for place in places])
        in_place |= {place: flags(matches) for place, (matches, _) in zip(places, readings, strict=True)}
    return [(place, _verdict(labelled()[place], both, in_place.get(place))) for place in mine]


def flags(matches: Iterable[Match]) -> bool:
    """Whether any of these raises a flag."""
    return any(match.flagged for match in matches)


def _verdict(each: Labelled, both: RuleSet, in_place: bool | None) -> Verdict:
    matches, share = both.read(each.sentence)
    by_itself, reader = flags(matches), both.reader
    assert reader is not None
    bar = reader.card.bars.for_suggesting(under_heading=bool(each.sentence.governors), words_found=False)
    return Verdict(
        flags(rules_alone().find(each.sentence)),
        (share or 0.0) >= bar,
        by_itself,
        by_itself if in_place is None else in_place,
        share or 0.0,
    )


def verdicts(batches: Sequence[str], jobs: int, bars: Bars = BARS) -> dict[int, Verdict]:
    """Verdicts on batches, by place in the corpus."""
    seen(), taught()  # read before the work is shared out
    groups = [batches[first::GROUPS] for first in range(min(GROUPS, len(batches)))]
    with ProcessPoolExecutor(jobs) as pool:
        readers = dict(zip(map(tuple, groups), pool.map(heard, groups, repeat(bars)), strict=True))
        shares = {place: share for _, known in readers.values() for place, share in known.items()}
        work = [(reader, shares, group) for group, (reader, _) in readers.items()]
        return dict(pair for pairs in pool.map(judged, *zip(*work, strict=True)) for pair in pairs)


def place_without(batches: Sequence[str], shares: Mapping[int, float]) -> Place:
    """What stands around sentences, learned from the pages of the other batches that were judged."""
    others = [place for place in sorted(shares) if labelled()[place].batch not in batches]
    return place_of(
        [seen()[place] for place in others],
        [labelled()[place] for place in others],
        [shares[place] for place in others],
    )


def heads(each: Labelled) -> Iterator[str]:
    """The lines of the table that a sentence counts in."""
    yield f"{each.source}{'' if each.source != 'pages' else ': clinics' if sells(each) else ': others'}"
    yield f"{each.source}, {each.language}"
    yield f"batch {each.batch}{'*' * (each.batch in TUNED)}"
    if each.source == "sentences":
        yield f"context {each.context}"
        yield f"variant {each.variant}"
        yield "sentences not tuned on" if each.batch not in TUNED else "sentences tuned on"
    if each.categories:
        yield f"category {each.categories[0]}"
    if each.kind:
        yield f"page {each.kind.partition('_')[0]}"
    if each.page in mixed():
        yield "mixed articles"


def sells(each: Labelled) -> bool:
    """Whether a page is a seller's or a practice's own."""
    return each.kind.startswith(CLINICS)


@cache
def mixed() -> frozenset[str]:
    """Pages that warn of others' claims (six sentences or more) and make claims of their own (six or more)."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for each in labelled():
        if each.page:
            counts[each.page]["risky" if each.risky else each.context] += 1
    return frozenset(
        page
        for page, count in counts.items()
        if count["risky"] > 5 and count["warning"] + count["negated"] + count["news"] + count["regulator"] > 5
    )


def share_of(hits: int, n: int) -> str:
    """A share with its interval, a dash without cases."""
    if not n:
        return "–"
    interval = wilson(hits, n)
    return f"{hits / n:.3f} [{interval.lower:.2f}–{interval.upper:.2f}]"


def line(name: str, pairs: Iterable[tuple[bool, bool]]) -> str:
    """A line of the table, from (risky, flagged)."""
    tally = Counter(pairs)
    hit, miss, false, quiet = (tally[key] for key in ((True, True), (True, False), (False, True), (False, False)))
    f1 = 2 * hit / (2 * hit + miss + false) if hit else 0.0
    shares = (share_of(hit, hit + false), share_of(hit, hit + miss), share_of(false, false + quiet))
    return f"{name:38} {sum(tally.values()):6}  {shares[0]:19} {shares[1]:19} {shares[2]:19} {f1:.3f}"


def show(found: dict[int, Verdict]) -> None:
    """Print the tables, one for each way of reading."""
    groups: dict[str, list[int]] = defaultdict(list)
    for place in found:
        for head in dict.fromkeys(heads(labelled()[place])):
            groups[head].append(place)
    for way in WAYS:
        print(f"\n== {way}\n{'':38} {'n':>6}  {'precision':19} {'recall':19} {'false-flag rate':19} F1")
        for head, places in sorted(groups.items()):
            print(line(head, ((labelled()[place].risky, getattr(found[place], way)) for place in places)))


def misses(found: dict[int, Verdict]) -> Iterator[str]:
    """Every misjudged sentence, the surest mistakes first."""
    wrong = [place for place, verdict in found.items() if verdict.both != labelled()[place].risky]
    for place in sorted(wrong, key=lambda place: -abs(found[place].share - 0.5)):
        each, verdict = labelled()[place], found[place]
        kind = "missed" if each.risky else "false"
        yield f"{kind}\t{each.key}\t{verdict.share:.2f}\t{','.join(each.categories) or '-'}\t{each.sentence.text}"


def main() -> None:
    """Judge the corpus and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--misses", action="store_true", help="also list every misjudged sentence")
    parser.add_argument("--only", nargs="+", help="batches to judge (all)")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--bars", nargs="+", default=[], metavar="NAME=SHARE", help="other bars of the second reader")
    given = parser.parse_args()
    bars = replace(BARS, **{name: float(share) for name, _, share in (each.partition("=") for each in given.bars)})
    found = verdicts(given.only or sorted({each.batch for each in labelled()}), given.jobs, bars)
    show(found)
    if given.misses:
        print("\n".join(misses(found)))


if __name__ == "__main__":
    main()
