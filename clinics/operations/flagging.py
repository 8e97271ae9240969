"""From statements read on a page to flags of a clinic: one flag for one wording, whoever reads it, however often."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import models

from clinics.domain.outcome import Outcome
from clinics.domain.presence import Presence, Trace, observe, overall
from clinics.domain.variant import same_but_for_numbers
from clinics.models import Cause, Clinic, Finding, Flag, Page, Rule, Sighting, Snapshot, Variant
from clinics.operations.statements import Statement

SETTLED = (Presence.PRESENT, Presence.RETURNED)
OURS = (Cause.RULE_CHANGED, Cause.EXTRACTOR_CHANGED)


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known when a text meets a clinic's flags."""

    page: Page | None
    snapshot: Snapshot
    cause: Cause
    at: datetime


@dataclass(slots=True)
class Effects:
    """What a reading did to one clinic's flags. Each list holds flags with the wording that was read."""

    new: list[tuple[Flag, str]] = field(default_factory=list)
    returned: list[tuple[Flag, str]] = field(default_factory=list)
    absent: list[tuple[Flag, str]] = field(default_factory=list)
    reclassified: list[tuple[Flag, str]] = field(default_factory=list)


def lock_clinic(clinic_id: int) -> Clinic:
    """The clinic's row, locked against every other reading and decision until the transaction ends."""
    return Clinic.objects.select_for_update(no_key=True).get(pk=clinic_id)


def record_statements(clinic: Clinic, statements: Sequence[Statement], reading: Reading, effects: Effects) -> None:
    """Raise, or find again, the flag of each statement. Call it with the clinic's row locked."""
    if not statements:
        return
    flags = {flag.subject: flag for flag in Flag.objects.filter(clinic=clinic)}
    rules = _rules_of(statements)
    for statement in statements:
        flag = flags.get(statement.subject) or _variant_of(flags.values(), statement)
        if flag is None:
            flag = _raise_flag(clinic, statement, rules, reading)
            (effects.reclassified if reading.cause in OURS else effects.new).append((flag, statement.sentence.text))
        elif _find_again(flag, statement, rules, reading, effects) or flag.sentence != statement.sentence.text:
            flag.sentence = statement.sentence.text
            flag.save(update_fields=["sentence", "severity", "category", "rule", "state", "reopened_because"])
        flags[statement.subject] = flag


def _rules_of(statements: Iterable[Statement]) -> dict[str, Rule]:
    keys = {match.rule.key for statement in statements for match in statement.matches}
    return {rule.key: rule for rule in Rule.objects.filter(key__in=keys)}


def _variant_of(flags: Iterable[Flag], statement: Statement) -> Flag | None:
    """The flag whose wording is the same but for its numbers: an edited price or date asks no new decision."""
    text = statement.sentence.text
    return next((flag for flag in flags if same_but_for_numbers(flag.sentence, text)), None)


def _raise_flag(clinic: Clinic, statement: Statement, rules: dict[str, Rule], reading: Reading) -> Flag:
    flag = Flag.objects.create(
        clinic=clinic,
        subject=statement.subject,
        sentence=statement.sentence.text,
        category=statement.gravest.rule.category,
        severity=statement.severity,
        rule=rules[statement.gravest.rule.key],
        cause=reading.cause,
        raised_at=reading.at,
        presence_since=reading.at,
    )
    _write_findings(flag, statement, rules, reading.at)
    _sight(flag, statement, reading)
    return flag


def _find_again(
    flag: Flag, statement: Statement, rules: dict[str, Rule], reading: Reading, effects: Effects
) -> bool:
    """Bring a known flag up to date; whether its own row has to be saved."""
    changed = _write_findings(flag, statement, rules, reading.at)
    graver = statement.severity > flag.severity
    if graver:
        flag.severity, flag.category = statement.severity, statement.gravest.rule.category
        flag.rule = rules[statement.gravest.rule.key]
        _reopen_if_dismissed(flag)
    if flag.subject != statement.subject:
        Variant.objects.get_or_create(
            flag=flag,
            sentence_digest=statement.digest,
            defaults={"sentence": statement.sentence.text, "first_seen_at": reading.at},
        )
    returned = _sight(flag, statement, reading)
    if returned:
        effects.returned.append((flag, statement.sentence.text))
    elif (changed or graver) and reading.cause in OURS:
        effects.reclassified.append((flag, statement.sentence.text))
    return graver


def _reopen_if_dismissed(flag: Flag) -> None:
    if flag.state == Flag.State.DISMISSED:
        flag.state, flag.dismissed_as = Flag.State.OPEN, ""
        flag.reopened_because = f"Rule {flag.rule} now rates this wording {flag.get_severity_display()}."
        flag.save(update_fields=["state", "dismissed_as", "reopened_because"])


def _write_findings(flag: Flag, statement: Statement, rules: dict[str, Rule], at: datetime) -> bool:
    """Attach each matching rule to the flag; whether any finding is new or of another version or stance."""
    known = {finding.rule_id: finding for finding in flag.findings.all()}
    changed = False
    for match in statement.matches:
        rule = rules[match.rule.key]
        facts: dict[str, Any] = {
            "rule_version": match.rule.version,
            "stance": match.stance,
            "severity": match.rule.severity,
        }
        old = known.get(rule.pk)
        if old is not None and all(getattr(old, name) == value for name, value in facts.items()):
            continue
        changed = True
        words = statement.block[match.start : match.end]
        Finding.objects.update_or_create(
            flag=flag, rule=rule, defaults={**facts, "words": words, "reason": match.reason[:300], "found_at": at}
        )
    return changed


def _sight(flag: Flag, statement: Statement, reading: Reading) -> bool:
    """Record that the page carries the flag's wording; whether it had been absent and has returned."""
    place: dict[str, Any] = {"page": reading.page} if reading.page else {"page": None, "snapshot": reading.snapshot}
    facts: dict[str, Any] = {
        "snapshot": reading.snapshot,
        "surface": statement.sentence.surface,
        "document_page": statement.sentence.page,
        "digest": statement.digest,
        "sentence": statement.sentence.text,
        "block": statement.block,
        "governors": list(statement.sentence.governors),
        "last_seen_at": reading.at,
    }
    sighting = Sighting.objects.filter(flag=flag, **place).first()
    if sighting is None:
        Sighting.objects.create(
            flag=flag,
            page=reading.page,
            cause=reading.cause,
            first_seen_at=reading.at,
            presence_since=reading.at,
            **facts,
        )
        return _settle(flag, reading.at) is Presence.RETURNED
    for name, value in facts.items():
        setattr(sighting, name, value)
    was = Presence(sighting.presence)
    _follow(sighting, observe(trace_of(sighting), reading.at, Outcome.OK, True))
    sighting.save()
    _settle(flag, reading.at)
    return was is Presence.ABSENT


def trace_of(sighting: Sighting) -> Trace:
    """What the domain remembers of a flag on a page."""
    return Trace(
        Presence(sighting.presence),
        sighting.presence_since,
        sighting.misses,
        sighting.missed_since,
        sighting.gones,
        sighting.gone_since,
        Presence(sighting.presence_before) if sighting.presence_before else None,
    )


def _follow(sighting: Sighting, trace: Trace) -> None:
    sighting.presence, sighting.presence_since = trace.state, trace.since
    sighting.misses, sighting.missed_since = trace.misses, trace.missed_since
    sighting.gones, sighting.gone_since = trace.gones, trace.gone_since
    sighting.presence_before = trace.before or ""


def _settle(flag: Flag, at: datetime) -> Presence:
    """Work out the flag's presence over all its pages, and keep it."""
    kept = Sighting.objects.filter(flag=flag).values_list("presence", flat=True)
    presence = overall(Presence(state) for state in kept)
    if presence != flag.presence:
        flag.presence, flag.presence_since = presence, at
        flag.save(update_fields=["presence", "presence_since"])
    return presence


def open_traces(page: Page, outcome: Outcome) -> models.QuerySet[Sighting]:
    """Sightings on the page whose presence an attempt with this outcome may move."""
    sightings = Sighting.objects.filter(page=page)
    if outcome is Outcome.UNCHANGED:
        return sightings.exclude(presence__in=SETTLED, misses=0, gones=0).exclude(presence=Presence.ABSENT)
    if outcome is Outcome.OK:
        return sightings
    if outcome is Outcome.GONE:
        return sightings.exclude(presence=Presence.ABSENT)
    return sightings.none()


def follow_presence(
    clinic: Clinic, page: Page, outcome: Outcome, carried: Collection[int], at: datetime, effects: Effects
) -> None:
    """Move the presence of the clinic's flags on a page after an attempt that ended in `outcome`.

    `carried` are the digests on the page now (for `unchanged`: as last read). Call it with the clinic's row locked,
    before `record_statements`, which records what stands there under a new governing heading or in a variant.
    """
    for sighting in open_traces(page, outcome).filter(flag__clinic=clinic).select_related("flag"):
        trace = trace_of(sighting)
        now = observe(trace, at, outcome, sighting.digest in carried)
        if outcome.is_observation and sighting.digest in carried:
            sighting.last_seen_at = at
        elif now == trace:
            continue
        _follow(sighting, now)
        sighting.save()
        _settle(sighting.flag, at)
        if now.state is Presence.ABSENT and trace.state is not Presence.ABSENT:
            effects.absent.append((sighting.flag, sighting.sentence))
        elif now.state is Presence.RETURNED and trace.state is Presence.ABSENT:
            effects.returned.append((sighting.flag, sighting.sentence))


def move_digests(clinic: Clinic, page: Page, by_subject: dict[str, int], at: datetime, effects: Effects) -> None:
    """After a change of our extractor: sightings keep their wording's new digest; what we no longer read is ours."""
    for sighting in Sighting.objects.filter(flag__clinic=clinic, page=page).select_related("flag"):
        mark = by_subject.get(sighting.flag.subject)
        if mark is not None:
            sighting.digest = mark
            sighting.save(update_fields=["digest"])
        elif sighting.presence != Presence.ABSENT:
            _follow(sighting, replace(trace_of(sighting), state=Presence.ABSENT, since=at))
            sighting.save()
            _settle(sighting.flag, at)
            effects.reclassified.append((sighting.flag, sighting.sentence))
