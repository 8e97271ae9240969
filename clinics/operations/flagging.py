"""From statements read on a page to flags of a clinic: one flag for one wording, whoever reads it, however often."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import models

from clinics.domain.identity import subject_key
from clinics.domain.outcome import Outcome
from clinics.domain.presence import Presence, Trace, observe, overall, seen_first
from clinics.domain.rule import Match
from clinics.domain.variant import but_for_numbers
from clinics.models import Cause, Clinic, Finding, Flag, Page, Rule, Sighting, Snapshot, Variant
from clinics.operations.refusal import Refusal
from clinics.operations.statements import Statement

SETTLED = (Presence.PRESENT, Presence.RETURNED)
OURS = (Cause.RULE_CHANGED, Cause.EXTRACTOR_CHANGED)


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known when a text meets a clinic's flags.

    `seen_at` is when the text was last read. A text that came from our own store tells nothing of the page's present
    words: `stored`, it moves no presence that readings have worked out.
    """

    page: Page | None
    snapshot: Snapshot
    cause: Cause
    at: datetime
    seen_at: datetime
    stored: bool = False


@dataclass(slots=True)
class Effects:
    """What a reading did to one clinic's flags. Each list holds flags with the wording that was read.

    `returned` leaves out what only the second reader suggests, and no person confirmed: that such words come and go
    is recorded, while they wait in a queue of their own.
    """

    new: list[tuple[Flag, str]] = field(default_factory=list)
    returned: list[tuple[Flag, str]] = field(default_factory=list)
    absent: list[tuple[Flag, str]] = field(default_factory=list)
    reclassified: list[tuple[Flag, str]] = field(default_factory=list)

    def came_back(self, flag: Flag, wording: str) -> None:
        """Tell of wording that had left every page of the clinic."""
        if flag.rule.kind != Rule.Kind.READER or flag.state == Flag.State.CONFIRMED:
            self.returned.append((flag, wording))


def lock_clinic(clinic_id: int) -> Clinic:
    """The clinic's row, locked against every other reading and decision until the transaction ends."""
    return Clinic.objects.select_for_update(no_key=True).get(pk=clinic_id)


def lock_living_clinic(clinic_id: int) -> Clinic:
    """The same, for rows that are to be added. Raises Refusal where the clinic is merged into another record."""
    clinic = lock_clinic(clinic_id)
    refuse_merged(clinic)
    return clinic


def refuse_merged(clinic: Clinic) -> None:
    """Raise Refusal for a clinic that is merged into another record."""
    if clinic.status == Clinic.Status.MERGED:
        raise Refusal(f"{clinic} has been merged into {clinic.merged_into}: go on there.")


def record_statements(clinic: Clinic, statements: Sequence[Statement], reading: Reading, effects: Effects) -> None:
    """Raise, or find again, the flag of each statement. Call it with the clinic's row locked."""
    if not statements:
        return
    flags = {flag.subject: flag for flag in Flag.objects.filter(clinic=clinic)}
    kin = {but_for_numbers(flag.sentence): flag for flag in flags.values()}
    rules = _rules_of(statements)
    fresh: list[tuple[Flag, Statement]] = []
    for statement in statements:
        wording = statement.sentence.text
        # An edited price or date asks no new decision.
        flag = flags.get(statement.subject) or kin.get(but_for_numbers(wording))
        if flag is None:
            flag = _flag_of(clinic, statement, rules, reading)
            fresh.append((flag, statement))
            (effects.reclassified if reading.cause in OURS else effects.new).append((flag, wording))
        else:
            if flag.pk is None:
                _raise_flags(fresh, rules, reading)
                fresh = []
            if _find_again(flag, statement, rules, reading, effects) or flag.sentence != wording:
                flag.sentence = wording
                flag.save(
                    update_fields=["sentence", "severity", "category", "rule", "share", "state", "reopened_because"]
                )
        flags[statement.subject] = kin[but_for_numbers(wording)] = flag
    _raise_flags(fresh, rules, reading)


def _rules_of(statements: Iterable[Statement]) -> dict[str, Rule]:
    keys = {match.rule.key for statement in statements for match in statement.matches}
    return {rule.key: rule for rule in Rule.objects.filter(key__in=keys)}


def _flag_of(clinic: Clinic, statement: Statement, rules: dict[str, Rule], reading: Reading) -> Flag:
    """A new flag, not kept yet."""
    return Flag(
        clinic=clinic,
        subject=statement.subject,
        sentence=statement.sentence.text,
        category=statement.gravest.rule.category,
        severity=statement.severity,
        rule=rules[statement.gravest.rule.key],
        share=statement.share,
        cause=reading.cause,
        raised_at=reading.at,
        presence_since=reading.at,
    )


def _raise_flags(fresh: Sequence[tuple[Flag, Statement]], rules: dict[str, Rule], reading: Reading) -> None:
    """Keep new flags with their findings and first sightings: a page that is read for the first time has dozens."""
    if not fresh:
        return
    Flag.objects.bulk_create(flag for flag, _ in fresh)
    Finding.objects.bulk_create(
        Finding(flag=flag, rule=rules[match.rule.key], **_facts_of(match), **_words_of(match, statement, reading.at))
        for flag, statement in fresh
        for match in statement.matches
    )
    Sighting.objects.bulk_create(_first_sighting(flag, statement, reading) for flag, statement in fresh)


def _find_again(flag: Flag, statement: Statement, rules: dict[str, Rule], reading: Reading, effects: Effects) -> bool:
    """Bring a known flag up to date; whether its own row has to be saved."""
    changed = _write_findings(flag, statement, rules, reading.at)
    graver = statement.severity > flag.severity
    known_now = flag.rule.kind == Rule.Kind.READER and rules[statement.gravest.rule.key].kind != Rule.Kind.READER
    if graver or known_now:
        flag.severity, flag.category = max(flag.severity, statement.severity), statement.gravest.rule.category
        flag.rule, flag.share = rules[statement.gravest.rule.key], statement.share
    if graver:
        reopen_if_dismissed(flag)
    if flag.subject != statement.subject:
        Variant.objects.get_or_create(
            flag=flag,
            sentence_digest=statement.digest,
            defaults={"sentence": statement.sentence.text, "first_seen_at": reading.at},
        )
    was = flag.presence
    _sight(flag, statement, reading)
    back = was == Presence.ABSENT and flag.presence != was
    if back and reading.cause not in OURS:
        effects.came_back(flag, statement.sentence.text)
    elif (changed or graver or back) and reading.cause in OURS:
        effects.reclassified.append((flag, statement.sentence.text))
    return graver or known_now


def reopen_if_dismissed(flag: Flag) -> None:
    """A graver rating of ours asks for a new decision, and says why."""
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
        facts = _facts_of(match)
        old = known.get(rule.pk)
        if old is not None and all(getattr(old, name) == value for name, value in facts.items()):
            continue
        changed = True
        Finding.objects.update_or_create(flag=flag, rule=rule, defaults={**facts, **_words_of(match, statement, at)})
    return changed


def _facts_of(match: Match) -> dict[str, Any]:
    return {"rule_version": match.rule.version, "stance": match.stance, "severity": match.rule.severity}


def _words_of(match: Match, statement: Statement, at: datetime) -> dict[str, Any]:
    return {"words": statement.block[match.start : match.end], "reason": match.reason[:300], "found_at": at}


def _sight(flag: Flag, statement: Statement, reading: Reading) -> None:
    """Record that the page carries the wording of a known flag, and what that makes of the flag's presence."""
    place: dict[str, Any] = {"page": reading.page} if reading.page else {"page": None, "snapshot": reading.snapshot}
    sighting = Sighting.objects.filter(flag=flag, **place).first()
    if sighting is None:
        _first_sighting(flag, statement, reading).save()
    else:
        _sight_again(sighting, statement, reading)
    settle(flag, reading.at)


def _first_sighting(flag: Flag, statement: Statement, reading: Reading) -> Sighting:
    """The first sighting on a page, not kept yet; a return, where the wording had vanished from every other one."""
    came_back = flag.presence == Presence.ABSENT and reading.cause not in OURS
    return Sighting(
        flag=flag,
        page=reading.page,
        cause=reading.cause,
        first_seen_at=reading.snapshot.taken_at,
        last_seen_at=reading.seen_at,
        presence=Presence.RETURNED if came_back else Presence.PRESENT,
        presence_since=reading.at,
        **place_of(statement, reading),
    )


def _sight_again(sighting: Sighting, statement: Statement, reading: Reading) -> None:
    for name, value in place_of(statement, reading).items():
        setattr(sighting, name, value)
    if not reading.stored:
        sighting.last_seen_at = reading.at
        follow_trace(sighting, observe(trace_of(sighting), reading.at, Outcome.OK, True))
    elif sighting.presence == Presence.ABSENT:  # it stood there all the time: we did not read it as this wording
        follow_trace(sighting, seen_first(reading.at))
    sighting.save()


def place_of(statement: Statement, reading: Reading) -> dict[str, Any]:
    """Where a statement stands, as a sighting's columns."""
    return {
        "snapshot": reading.snapshot,
        "surface": statement.sentence.surface,
        "document_page": statement.sentence.page,
        "digest": statement.digest,
        "sentence": statement.sentence.text,
        "block": statement.block,
        "governors": list(statement.sentence.governors),
    }


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


def follow_trace(sighting: Sighting, trace: Trace) -> None:
    """Let a sighting's row, not saved yet, stand as the trace does."""
    sighting.presence, sighting.presence_since = trace.state, trace.since
    sighting.misses, sighting.missed_since = trace.misses, trace.missed_since
    sighting.gones, sighting.gone_since = trace.gones, trace.gone_since
    sighting.presence_before = trace.before or ""


def settle(flag: Flag, at: datetime) -> Presence:
    """Work out the flag's presence over all its pages, and keep it."""
    kept = Sighting.objects.filter(flag=flag).values_list("presence", flat=True)
    presence = overall(Presence(state) for state in kept)
    if presence != flag.presence:
        flag.presence, flag.presence_since = presence, at
        flag.save(update_fields=["presence", "presence_since"])
    return presence


def open_traces(page: Page, outcome: Outcome) -> models.QuerySet[Sighting]:
    """Sightings on the page whose presence an attempt with this outcome may move.

    What a page rule found depends on all of a clinic's pages: `page_flags` follows it, except where a page is gone.
    """
    sightings = Sighting.objects.filter(page=page)
    if outcome.is_observation:
        sightings = sightings.exclude(flag__rule__kind=Rule.Kind.PAGE)
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
    for sighting in open_traces(page, outcome).filter(flag__clinic=clinic).select_related("flag__rule"):
        trace = trace_of(sighting)
        now = observe(trace, at, outcome, sighting.digest in carried)
        if outcome.is_observation and sighting.digest in carried:
            sighting.last_seen_at = at
        elif now == trace:
            continue
        follow_trace(sighting, now)
        sighting.save()
        was = sighting.flag.presence
        presence = settle(sighting.flag, at)
        if presence is Presence.ABSENT and was != Presence.ABSENT:
            effects.absent.append((sighting.flag, sighting.sentence))
        elif presence is not Presence.ABSENT and was == Presence.ABSENT:
            effects.came_back(sighting.flag, sighting.sentence)


def move_digests(clinic: Clinic, page: Page, by_subject: dict[str, int], at: datetime, effects: Effects) -> None:
    """After a change of our extractor: sightings keep their wording's new digest; what we no longer read is ours.

    `by_subject` holds every sentence that is read now, flagged or not.
    """
    for sighting in open_traces(page, Outcome.OK).filter(flag__clinic=clinic).select_related("flag"):
        mark = by_subject.get(subject_key(sighting.sentence))
        if mark is not None:
            sighting.digest = mark
            sighting.save(update_fields=["digest"])
        elif sighting.presence != Presence.ABSENT:
            follow_trace(sighting, replace(trace_of(sighting), state=Presence.ABSENT, since=at))
            sighting.save()
            settle(sighting.flag, at)
            effects.reclassified.append((sighting.flag, sighting.sentence))
