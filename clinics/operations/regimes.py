"""The states' laws: shipped ones come in, staff edit them, and a notice that one prescribes gets its page rule."""

from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from clinics.domain.page_rules import MISSING_NOTICE
from clinics.domain.regimes import RegimeFault, check_regime, shipped_regime_facts
from clinics.domain.rule import Severity
from clinics.domain.rule_files import shipped_page_rules
from clinics.models import Rule, StateRegime
from clinics.operations.refusal import Refusal, check
from clinics.operations.shipped import bring_in


@transaction.atomic
def save_regime(row: StateRegime, *, by: User | None, **fields: Any) -> StateRegime:
    """Save a state's law; one that prescribes a notice gets the page rule by which a missing one is flagged.

    Raises Refusal, naming the part of the notice that can't be looked for, or what has to be verified first.
    """
    for name, value in fields.items():
        setattr(row, name, value)
    row.state = row.state.strip().upper()
    check(row)
    try:
        check_regime(row.as_domain())
    except RegimeFault as fault:
        raise Refusal(str(fault)) from None
    row.save()
    if row.notice_required and row.verified_on is not None:
        _ensure_rule(row, row.verified_on)
    return row


def _ensure_rule(row: StateRegime, read_on: date) -> None:
    """The page rule for the state's notice, made once: it finds offers as the shipped rules of its kind do."""
    pattern = next(rule for rule in shipped_page_rules() if rule.category == MISSING_NOTICE)
    Rule.objects.get_or_create(
        key=row.as_domain().rule_key,
        defaults={
            "kind": Rule.Kind.PAGE,
            "category": MISSING_NOTICE,
            "severity": int(Severity.MEDIUM),
            "languages": list(pattern.languages),
            "patterns": list(pattern.patterns),
            "exemptions": list(pattern.exemptions),
            "stances": [str(stance) for stance in pattern.stances],
            "explanation": (
                f"{row.name} prescribes a notice: {row.law}. {row.notice_where} None of the clinic's pages that were "
                "read carries it. Whether the law applies to this clinic is for a person to decide."
            ),
            "citation_title": row.law,
            "citation_url": row.source_url,
            "citation_date": read_on,
            "must": list(pattern.must),
            "must_not": list(pattern.must_not),
        },
    )


@transaction.atomic
def load_shipped_regimes() -> dict[str, int]:
    """Bring in the shipped laws, around staff's edits; how many were added, updated, proposed, left."""
    rows = {row.state: row for row in StateRegime.objects.select_for_update()}
    shipped = {
        facts["state"]: {name: facts[name] for name in StateRegime.SHIPPED_FIELDS} for facts in shipped_regime_facts()
    }
    return bring_in(StateRegime, "state", shipped, rows)
