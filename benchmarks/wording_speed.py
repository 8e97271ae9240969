"""What reading the wording of a page costs: the rules beside the page's own extraction, and beside a plain loop.

    python benchmarks/wording_speed.py [--pages 40] [--rounds 5] [--reader] [--plot docs/wording_speed.svg]

Goals and pages are told in README.md. All figures are processor time of one process and one run; the kinds of work
take turns within each round, and each round begins with rules that have read other pages, and never these. Ends by
itself. Each round is a line of JSON, the summary a table.
"""

import argparse
import gc
import json
import platform
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from hostile_wording import PAGES as HOSTILE_PAGES
from hostile_wording import PATTERNS as HOSTILE_PATTERNS
from pages_to_read import pages as all_pages
from plot import drawn

from clinics.domain import ruleset as ruleset_module
from clinics.domain import unmasking
from clinics.domain.answer import Answer
from clinics.domain.approved import shipped_products
from clinics.domain.block import Block, Sentence, Surface
from clinics.domain.change import compare
from clinics.domain.extraction import extract_html
from clinics.domain.identity import digest
from clinics.domain.inspection import inspect
from clinics.domain.rule import Rule
from clinics.domain.rule_files import shipped_rules
from clinics.domain.ruleset import RuleSet
from clinics.domain.second_reader import shipped_reader
from clinics.domain.sentences import split
from clinics.domain.unmasking import unmasked
from clinics.domain.wording import expand, plain

MOST_ROUNDS = 15
SIZES = (50, 100, 200, 400)
NEW = 0.05  # of a page's sentences at a re-check
FRAGMENT = 6  # as the rules have it: fewer spaces make a fragment, which completes what stands over it
WORD = re.compile(r"(?<![\\{(?<A-Za-z_])[a-z]{6,}(?![a-z}>_])")  # long enough not to stand in any sentence
GOALS = {
    "a_rules_beside_extraction": 1.5,
    "b_share_of_a_recheck": 0.03,
    "c_400_rules_beside_50": 1.3,
    "d_plain_loop_beside_rules": 50.0,
    "e_hostile_page_beside_ordinary": 3.0,
    "e_hostile_pattern_beside_ordinary": 3.0,
    "f_compile_ms": 100.0,
}
AT_LEAST = {"d_plain_loop_beside_rules"}


@dataclass
class Page:
    """A page with what is needed to read it again."""

    markup: str
    answer: Answer
    sentences: tuple[Sentence, ...]
    before: frozenset[int]  # what it said at the last reading: all but the new sentences


def spent(work: Callable[[], object]) -> float:
    """Processor time in milliseconds. What earlier work left is cleared away before, and not looked through again."""
    gc.collect()
    gc.freeze()
    began = time.process_time()
    work()
    used = time.process_time() - began
    gc.unfreeze()
    return used * 1000


def made_ready(markups: Sequence[str]) -> list[Page]:
    """Pages with a twentieth of their sentences new."""
    ready = []
    for number, markup in enumerate(markups):
        url = f"https://h{number}.test/"
        answer = Answer(url=url, final_url=url, status=200, headers={"content-type": "text/html"}, body=markup.encode())
        sentences = split(extract_html(markup))
        marks = sorted({digest(sentence) for sentence in sentences})
        chance = random.Random(number)  # noqa: S311 - which sentences are new
        new = chance.sample(marks, round(NEW * len(marks)))
        ready.append(Page(markup, answer, sentences, frozenset(marks) - frozenset(new)))
    return ready


def other_sentences() -> list[Sentence]:
    """The labelled sentences that stand on none of the pages."""
    with (Path(__file__).with_name("corpus") / "sentences.jsonl").open(encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]
    return [Sentence(text, 0, len(text), 0, Surface.BODY) for text in texts]


def read_all(rules: RuleSet, sentences: Iterable[Sentence]) -> None:
    for sentence in sentences:
        rules.find(sentence)


def warmed(rules: RuleSet, warm: Sequence[Sentence]) -> RuleSet:
    """Rules that have read other sentences, as those of a worker have, and remember nothing else."""
    unmasking._look.cache_clear()
    ruleset_module._over.cache_clear()
    read_all(rules, warm)
    return rules


def shipped(rules: Iterable[Rule] | None = None) -> RuleSet:
    return RuleSet(shipped_rules() if rules is None else rules, shipped_products())


def first_reading(pages: Sequence[Page], warm: Sequence[Sentence]) -> dict[str, float]:
    """Goal (a): milliseconds a page."""
    rules = warmed(shipped(), warm)
    text = spent(lambda: [split(extract_html(page.markup)) for page in pages])
    found = spent(lambda: [read_all(rules, page.sentences) for page in pages])
    return {"extraction_ms": text / len(pages), "rules_ms": found / len(pages), "ratio": found / text}


def recheck(pages: Sequence[Page], warm: Sequence[Sentence]) -> dict[str, float]:
    """Goal (b): inspection of the body and comparison of all marks, beside the rules on what is new."""
    rules = warmed(shipped(), warm)
    changes = []

    def look() -> None:
        for page in pages:
            changes.append(compare(page.before, page.before, inspect(page.answer, "").sentences))

    whole = spent(look)
    found = spent(lambda: [read_all(rules, change.new) for change in changes])
    new = sum(len(change.new) for change in changes)
    return {
        "recheck_ms": (whole + found) / len(pages),
        "rules_ms": found / len(pages),
        "new_sentences": new / len(pages),
        "us_a_new_sentence": found / new * 1000,
        "share": found / (whole + found),
    }


def varied(count: int) -> list[Rule]:
    """So many more rules: the shipped ones, in which the telling words gave way to ones from each other's patterns.

    A pattern that has none asks for one more. They speak the language of clinics, as rules that staff add would, and
    are hardly ever found.
    """
    texts = [pattern for rule in shipped_rules() for pattern in rule.patterns]
    words = sorted({word for text in texts for word in WORD.findall(text)})
    made = []
    for number in range(count):
        chance = random.Random(number)  # noqa: S311 - which words
        model = shipped_rules()[number % len(shipped_rules())]
        patterns = tuple(
            WORD.sub(partial(other, words, chance), text)
            if WORD.search(text)
            else rf"(?:{text}).{{0,60}}\b{chance.choice(words)}\b"
            for text in model.patterns
        )
        made.append(replace(model, key=f"varied_{number}", patterns=patterns, exemptions=()))
    return made


def other(pool: Sequence[str], chance: random.Random, _: re.Match[str]) -> str:
    return chance.choice(pool)


def by_size(warm: Sequence[Sentence], size: int) -> RuleSet:
    own = shipped_rules()[:: max(1, len(shipped_rules()) // 50)][:50]
    return warmed(shipped([*own, *varied(size - len(own))]), warm)


def growth(pages: Sequence[Page], warm: Sequence[Sentence]) -> dict[str, float]:
    """Goal (c): milliseconds a page with more and more rules, the same 50 among them."""
    cost = {}
    for size in SIZES:
        rules = by_size(warm, size)
        cost[f"{size}_rules_ms"] = spent(lambda: [read_all(rules, page.sentences) for page in pages]) / len(pages)  # noqa: B023
    return {**cost, "ratio": cost["400_rules_ms"] / cost["50_rules_ms"]}


def growth_of_the_loop(page: Page) -> dict[str, float]:
    """For the drawing: the plain loop on one page with more and more rules."""
    texts, cost = prepared([page]), {}
    for size in SIZES:
        loop = PlainLoop(by_size([], size).rules)
        cost[f"{size}_rules_ms"] = spent(lambda: loop.find(texts))  # noqa: B023
    return cost


def plot(figures: dict[str, dict[str, float]]) -> str:
    """Growth with the number of rules."""
    grown = figures["growth"]
    lines = {
        "plain loop of re": [figures["growth_of_the_loop"][f"{size}_rules_ms"] for size in SIZES],
        "rules, all that they do": [grown[f"{size}_rules_ms"] for size in SIZES],
        "the page's extraction": [figures["first_reading"]["extraction_ms"]] * len(SIZES),
    }
    return drawn(SIZES, lines, "Processor time of a page seen for the first time")


Text = tuple[str, str, str]  # unmasked; what it completes if it is a fragment; it with the text right over it


class PlainLoop:
    """The same patterns, each searched by Python's `re` in every sentence; no stance, no exemptions."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.patterns = [
            (rule.key, list(map(translated, rule.patterns)), list(map(translated, rule.ideas))) for rule in rules
        ]

    def find(self, texts: Iterable[Text]) -> list[set[str]]:
        """The keys of the rules whose words stand in each text, or, for a fragment, in it and what it completes."""
        return [
            self._keys("", text, around) or (self._keys(lead, text, around) if lead else set())
            for text, lead, around in texts
        ]

    def _keys(self, lead: str, text: str, around: str) -> set[str]:
        return {
            key
            for key, patterns, ideas in self.patterns
            if any(spoken(each, lead, text) for each in patterns) and all(idea.search(around) for idea in ideas)
        }


@cache
def translated(pattern: str) -> re.Pattern[str]:
    return re.compile(expand(pattern), re.IGNORECASE | re.ASCII)


def spoken(pattern: re.Pattern[str], lead: str, text: str) -> bool:
    if not lead:
        return pattern.search(text) is not None
    group = "core" if "core" in pattern.groupindex else 0
    return any(found.end(group) > len(lead) for found in pattern.finditer(lead + text))


def prepared(pages: Iterable[Page]) -> list[Text]:
    """What the loop searches, made ready as a gift to it."""
    texts = []
    for sentence in (each for page in pages for each in page.sentences):
        text = plain(unmasked(sentence.text).text)
        over = ruleset_module._over(sentence.governors[-1]) if sentence.governors else ""
        lead = over.rstrip(" :") + ": " if sentence.governors and text.count(" ") < FRAGMENT else ""
        texts.append((text, lead, f"{text} | {over}" if sentence.governors else text))
    return texts


def matched(rules: RuleSet, texts: Iterable[Text]) -> list[set[str]]:
    """What the plain loop does, done by the rules' own gate and patterns: no unmasking, no stance."""
    found = []
    for text, lead, around in texts:
        numbers = [
            number
            for number in rules._gate.passed(f"{text}\n{lead}{text}" if lead else text)
            if all(idea.search(around) for idea in rules._ideas[rules._owners[number].key])
        ]
        keys = {rules._owners[number].key for number in numbers if any(rules._spans(number, "", text))}
        if lead and not keys:
            keys = {rules._owners[number].key for number in numbers if any(rules._spans(number, lead, text))}
        found.append(keys)
    return found


def beside_a_plain_loop(pages: Sequence[Page], warm: Sequence[Sentence]) -> dict[str, float]:
    """Goal (d): the loop's bare search beside the rules' search, and beside all that the rules do."""
    texts, loop = prepared(pages), PlainLoop(shipped_rules())
    found: list[list[set[str]]] = []
    slow = spent(lambda: found.append(loop.find(texts)))
    rules = warmed(shipped(), warm)
    search = spent(lambda: found.append(matched(rules, texts)))
    rules = warmed(shipped(), warm)
    whole = spent(lambda: [read_all(rules, page.sentences) for page in pages])
    found.append([{match.rule.key for match in rules.find(each)} for page in pages for each in page.sentences])
    return {
        "loop_ms": slow / len(pages),
        "search_ms": search / len(pages),
        "rules_ms": whole / len(pages),
        "ratio_to_search": slow / search,
        "ratio_to_all_that_rules_do": slow / whole,
        "different_verdicts": sum(len({*map(frozenset, row)}) > 1 for row in zip(*found, strict=True)),
        "verdicts": sum(map(len, found[0])),
    }


def of_text(text: str) -> tuple[Sentence, ...]:
    return split([Block(paragraph, Surface.BODY) for paragraph in text.split("\n\n") if paragraph])


def hostile_pages(ordinary: str, warm: Sequence[Sentence]) -> dict[str, float]:
    """Goal (e): the rules' time on texts written to be slow, beside an ordinary one of as many characters."""
    size = len(ordinary)
    texts = {"ordinary": ordinary, **{name: write(size) for name, write in HOSTILE_PAGES.items()}}
    cost, rules = {}, warmed(shipped(), warm)
    for name, text in texts.items():
        sentences = of_text(text[:size])
        cost[name] = spent(lambda: read_all(rules, sentences))  # noqa: B023
    return {name: each / cost["ordinary"] for name, each in cost.items() if name != "ordinary"} | {
        "ordinary_ms": cost["ordinary"]
    }


def hostile_patterns(pages: Sequence[Page], warm: Sequence[Sentence]) -> dict[str, float]:
    """Goal (e): the shipped rules with one more rule whose pattern was written to be slow, or is an ordinary one."""
    usual = sorted((pattern for rule in shipped_rules() for pattern in rule.patterns), key=len)
    cost = {}
    for name, pattern in HOSTILE_PATTERNS.items():
        twin = min(usual, key=lambda each: abs(len(each) - len(pattern)))
        for kind, added in (("hostile", pattern), ("usual", twin)):
            more = replace(shipped_rules()[0], key="added", patterns=(added,))
            rules = warmed(shipped([*shipped_rules(), more]), warm)
            cost[name, kind] = spent(lambda: [read_all(rules, page.sentences) for page in pages])  # noqa: B023
    return {name: cost[name, "hostile"] / cost[name, "usual"] for name in HOSTILE_PATTERNS}


COLD = """
import sys, time
sys.path.insert(0, sys.argv[1])
from clinics.domain.approved import shipped_products
from clinics.domain.rule_files import shipped_rules
from clinics.domain.ruleset import RuleSet, _with_core
from clinics.domain.wording import word_groups
began = time.process_time()
rules, products, _ = shipped_rules(), shipped_products(), word_groups()
read = time.process_time()
made = RuleSet(rules, products)
ready = time.process_time()
for pattern in made._written:
    _with_core(pattern)
print(*(round(1000 * each, 1) for each in (read - began, ready - read, time.process_time() - ready)))
"""


def compiling() -> dict[str, float]:
    """Goal (f): milliseconds in a new process for the files, for the rules, and for patterns made on demand."""
    house = str(Path(__file__).resolve().parent.parent)
    done = subprocess.run([sys.executable, "-c", COLD, house], capture_output=True, text=True, check=True)
    files, rules, patterns = map(float, done.stdout.split())
    return {"files_ms": files, "rules_ms": rules, "with_files_ms": files + rules, "patterns_on_demand_ms": patterns}


def second_reader(pages: Sequence[Page], warm: Sequence[Sentence]) -> dict[str, float]:
    """What the second reader adds to each new sentence, in microseconds; its budget is 200."""
    alone = warmed(shipped(), warm)
    both = RuleSet(shipped_rules(), shipped_products(), shipped_reader())
    read_all(both, warm)
    count = sum(len(page.sentences) for page in pages)
    without = spent(lambda: [read_all(alone, page.sentences) for page in pages])
    with_it = spent(lambda: [read_all(both, page.sentences) for page in pages])
    return {"us_a_sentence": (with_it - without) / count * 1000}


def rounds(chosen: argparse.Namespace) -> Iterator[dict[str, dict[str, float]]]:
    """The figures of each round."""
    pages, warm = made_ready(all_pages()[: chosen.pages]), other_sentences()[: 400 * chosen.pages]
    ordinary = "\n\n".join(sentence.text for page in pages for sentence in page.sentences)[:200_000]
    few = pages[::8]
    about = {
        "pages": len(pages),
        "warmed_by_sentences": len(warm),
        "elements": round(median(page.markup.count("</") for page in pages)),
        "html_kb": round(sum(len(page.markup) for page in pages) / len(pages) / 1000, 1),
        "words": round(sum(len(each.text.split()) for page in pages for each in page.sentences) / len(pages)),
        "sentences": round(sum(len(page.sentences) for page in pages) / len(pages)),
    }
    print(json.dumps(about))
    for _ in range(min(chosen.rounds, MOST_ROUNDS)):
        figures = {
            "first_reading": first_reading(pages, warm),
            "recheck": recheck(pages, warm),
            "growth": growth(pages, warm),
            "plain_loop": beside_a_plain_loop(few, warm),
            "hostile_pages": hostile_pages(ordinary, warm),
            "hostile_patterns": hostile_patterns(few, warm),
            "compiling": compiling(),
        }
        if chosen.plot:
            figures["growth_of_the_loop"] = growth_of_the_loop(pages[0])
        if chosen.reader:
            figures["second_reader"] = second_reader(pages, warm)
        yield figures


def middle(all_rounds: Sequence[dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    """The median of each figure over the rounds."""
    first = all_rounds[0]
    return {
        kind: {name: median(each[kind][name] for each in all_rounds) for name in figures}
        for kind, figures in first.items()
    }


def against_goals(figures: dict[str, dict[str, float]]) -> dict[str, float]:
    """The figure of each goal."""
    worst = {name: value for name, value in figures["hostile_pages"].items() if name != "ordinary_ms"}
    return {
        "a_rules_beside_extraction": figures["first_reading"]["ratio"],
        "b_share_of_a_recheck": figures["recheck"]["share"],
        "c_400_rules_beside_50": figures["growth"]["ratio"],
        "d_plain_loop_beside_rules": figures["plain_loop"]["ratio_to_search"],
        "e_hostile_page_beside_ordinary": max(worst.values()),
        "e_hostile_pattern_beside_ordinary": max(figures["hostile_patterns"].values()),
        "f_compile_ms": figures["compiling"]["rules_ms"],
    }


def met(goal: str, value: float) -> bool:
    return value >= GOALS[goal] if goal in AT_LEAST else value <= GOALS[goal]


def main() -> None:
    """Print each round as a line of JSON, then the goals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--reader", action="store_true", help="also measure what the second reader adds")
    parser.add_argument("--plot", type=Path, help="write a drawing of the figures to this file")
    chosen = parser.parse_args()
    all_rounds = []
    for figures in rounds(chosen):
        all_rounds.append(figures)
        rounded = {kind: {name: round(each, 4) for name, each in row.items()} for kind, row in figures.items()}
        print(json.dumps(rounded), flush=True)
    figures = middle(all_rounds)
    for goal, value in against_goals(figures).items():
        sign = "≥" if goal in AT_LEAST else "≤"
        print(f"{goal:36} {value:9.3f}  goal {sign} {GOALS[goal]:<6} {'met' if met(goal, value) else 'NOT MET'}")
    if chosen.reader:
        print(f"{'second_reader_us_a_sentence':36} {figures['second_reader']['us_a_sentence']:9.1f}  budget ≤ 200")
    print(f"python {platform.python_version()}, medians of {len(all_rounds)} rounds")
    if chosen.plot:
        chosen.plot.write_text(plot(figures), encoding="utf-8")


if __name__ == "__main__":
    main()
