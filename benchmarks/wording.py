"""How well the rules tell risky wording from harmless, on the labelled corpus.

Prints precision, recall, false-flag rate and F1 with 95 % Wilson intervals and n, by batch, language and category, for
sentences, passages and whole pages. Batches marked * were looked at while tuning; the others were held out.

    python benchmarks/wording.py [--misses]
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from math import sqrt
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from clinics.domain.approved import shipped_products
from clinics.domain.block import Sentence, Surface
from clinics.domain.extraction import extract_html
from clinics.domain.identity import folded
from clinics.domain.rule_files import shipped_rules
from clinics.domain.ruleset import RuleSet
from clinics.domain.sentences import split

CORPUS = Path(__file__).with_name("corpus")
TUNED = {"dev", "A", "D", "passages"}
Z = 1.96
Tallies = defaultdict[str, Counter[str]]


def wilson(hits: int, n: int) -> str:
    """A share with its 95 % interval, "–" without cases."""
    if not n:
        return "–"
    share, z2 = hits / n, Z * Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return f"{share:.3f} [{middle - half:.2f}–{middle + half:.2f}]"


def rows(name: str) -> Iterator[dict[str, Any]]:
    """The objects of one file of the corpus."""
    with (CORPUS / f"{name}.jsonl").open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def count(tallies: Tallies, keys: list[str], risky: bool, flagged: bool) -> None:
    """Add one verdict under each key."""
    for key in keys:
        tallies[key][("hit" if flagged else "miss") if risky else ("false" if flagged else "quiet")] += 1


def judge_sentences(rules: RuleSet, tallies: Tallies, misses: list[str]) -> None:
    """Each sentence alone, as if it stood on a clinic's own page."""
    for row in rows("sentences"):
        text, risky, batch = row["text"], row["label"] == "risky", row["batch"]
        flagged = any(match.flagged for match in rules.find(Sentence(text, 0, len(text), 0, Surface.BODY)))
        part = "tuned" if batch in TUNED else "held out"
        keys = [f"sentences, {part}", f"batch {batch}{'*' * (batch in TUNED)}", f"{row['lang']}, {part}"]
        keys += [f"category {name}, {part}" for name in row["categories"][:1]]
        count(tallies, keys, risky, flagged)
        if risky != flagged and batch in TUNED:
            misses.append(f"{'missed' if risky else 'false'}\t{row['id']}\t{text}")


def judge_pages(rules: RuleSet, tallies: Tallies, name: str, field: str) -> None:
    """Whole pages through the extractor: each labelled text is flagged where a sentence in it, or around it, is."""
    for row in rows(name):
        sentences = split(extract_html(row["html"]))
        loud = [folded(each.text) for each in sentences if any(match.flagged for match in rules.find(each))]
        for unit in row[field]:
            words = folded(unit["text"])
            flagged = any(text in words or words in text for text in loud)
            keys = [f"{name}{'*' * (name in TUNED)}"] + ([f"{name}: {row['kind']}"] if "kind" in row else [])
            count(tallies, keys, unit["label"] == "risky", flagged)


def show(tallies: Tallies) -> None:
    """Print the table."""
    print(f"{'':42} {'n':>5}  {'precision':20} {'recall':20} {'false-flag rate':20} F1")
    for key, tally in sorted(tallies.items()):
        hit, miss, false, quiet = (tally[name] for name in ("hit", "miss", "false", "quiet"))
        f1 = 2 * hit / (2 * hit + miss + false) if hit else 0.0
        shares = (wilson(hit, hit + false), wilson(hit, hit + miss), wilson(false, false + quiet))
        print(f"{key:42} {sum(tally.values()):5}  {shares[0]:20} {shares[1]:20} {shares[2]:20} {f1:.3f}")


def main() -> None:
    """Judge the corpus and print the figures; with --misses also the misjudged sentences of the tuning batches."""
    rules, tallies, misses = RuleSet(shipped_rules(), shipped_products()), defaultdict(Counter), list[str]()
    judge_sentences(rules, tallies, misses)
    judge_pages(rules, tallies, "passages", "expected")
    judge_pages(rules, tallies, "pages", "sentences")
    show(tallies)
    if "--misses" in sys.argv[1:]:
        print("\n".join(misses))


if __name__ == "__main__":
    main()
