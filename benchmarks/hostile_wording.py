"""Texts and patterns that were written to be slow to read, each for the benchmark of the wording's speed."""

from collections.abc import Callable
from itertools import count, islice


def _repeated(unit: str) -> Callable[[int], str]:
    """The same words again and again, in one sentence."""
    return lambda size: unit * (size // len(unit) + 1)


def _numbered(line: str) -> Callable[[int], str]:
    """Sentences that differ in a number only, each a paragraph."""
    return lambda size: "\n\n".join(line.format(number) for number in islice(count(), size // len(line) + 1))


PAGES: dict[str, Callable[[int], str]] = {
    "near matches, each denied": _numbered("We do not say that stem cells cure arthritis {}."),
    "near matches in one sentence": _repeated("no cure and no stem cell therapy for arthritis, "),
    "not not not": _repeated("not "),
    "not not not, then a claim": _numbered("not " * 40 + "our cells cure arthritis {}."),
    "a a a a": _repeated("a "),
    "nested quotes": _repeated("“He said: ‘we cure’ ("),
    "one sentence without an end": _repeated("our patients come back to the garden and the morning is quiet, "),
    "zero-width in every place": _repeated("c\u200bu\u200br\u200be\u200b \u200b"),
    "all leet": _numbered("0ur c3lls cur3 4rthrit1s gu@rant33d t0d4y {}."),
    "tags in the text": _repeated("<b>cu</b>re &amp; <i>he</i>al <!-- x --> "),
    "opened comments": _repeated("<!-- <b"),
    "punctuation": _repeated("a!!!!!!!!!!"),
    "dots between letters": _repeated("c.u.r.e. "),
    "hashtags": _repeated("#NoSurgeryEverAgainWithStemCells "),
    "accents of their own": _repeated("cu\u0301re\u0301 "),
    "one word": _repeated("curecure"),
}
PATTERNS: dict[str, str] = {
    "nested repetition": r"\b(?:(?:\w+)+\s?)+(?:!!|cure now)$",
    "repeated letters": r"(?:a+)+$|(?:e*)*x{3}",
    "long gaps": r"\bwe\b.{0,80}\bthe\b.{0,80}\band\b.{0,80}\bof\b.{0,80}\bzzzz\b",
    "gaps and short words": r"(?:a|e|o).{0,80}(?:a|e|o).{0,80}(?:a|e|o).{0,80}(?:qq|xx)",
    "words without end": r"(?:\w+\W+){0,50}(?:guarantee|zzzz)d\b",
    "anything before": r".*.*.*zzzz",
}
