"""The statements on a page that a person should look at: sentences with the rules that flag them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from clinics.domain.block import Block, Sentence
from clinics.domain.identity import digest, subject_key
from clinics.domain.rule import Match, Severity
from clinics.domain.ruleset import RuleSet
from clinics.domain.sentences import split


@dataclass(frozen=True, slots=True)
class Statement:
    """A flagged sentence in its place. `matches` are the flagging ones, gravest first, at least one."""

    sentence: Sentence
    block: str
    subject: str
    digest: int
    matches: tuple[Match, ...]

    @property
    def gravest(self) -> Match:
        return self.matches[0]

    @property
    def share(self) -> float:
        """How sure the second reader is of a claim, 0 to 1; 0 where it did not read."""
        return self.gravest.share or 0.0

    @property
    def severity(self) -> Severity:
        return self.gravest.rule.severity


@dataclass(frozen=True, slots=True)
class Text:
    """A page's text, ready to be compared: its blocks, its sentences and their digests, in the same order."""

    blocks: tuple[Block, ...]
    sentences: tuple[Sentence, ...]
    digests: tuple[int, ...]

    @classmethod
    def of(cls, blocks: Sequence[Block]) -> "Text":
        """The text of stored blocks."""
        sentences = split(blocks)
        return cls(tuple(blocks), sentences, tuple(digest(sentence) for sentence in sentences))


def statements(text: Text, ruleset: RuleSet, *, but: Collection[int] = frozenset()) -> tuple[Statement, ...]:
    """The flagged statements of a text, each wording once, leaving out sentences whose digest is in `but`.

    Of equal wordings the one that stands first is kept, which is the title or heading where it stands there.
    """
    found: dict[str, Statement] = {}
    wanted = [place for place, mark in enumerate(text.digests) if mark not in but]
    readings = ruleset.read_page(text.sentences, wanted) if wanted else []
    for place, (read, _) in zip(wanted, readings, strict=True):
        sentence, mark, matches = text.sentences[place], text.digests[place], _flagging(read)
        if matches:
            subject = subject_key(sentence.text)
            block = text.blocks[sentence.block].text
            found.setdefault(subject, Statement(sentence, block, subject, mark, matches))
    return tuple(found.values())


def _flagging(matches: Iterable[Match]) -> tuple[Match, ...]:
    """The matches that flag, one for each rule, gravest first."""
    by_rule: dict[str, Match] = {}
    for match in matches:
        if match.flagged:
            by_rule.setdefault(match.rule.key, match)
    return tuple(sorted(by_rule.values(), key=lambda match: (-match.rule.severity, match.rule.key)))
