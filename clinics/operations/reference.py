"""Everything that an installation needs before its first clinic; safe to repeat, also at the same time."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from clinics.domain.vocabulary import load_vocabulary, vocabulary_source
from clinics.models import Term
from clinics.operations.advisory_locks import AdvisoryLock, hold
from clinics.operations.approved_products import load_shipped_products
from clinics.operations.check_due import set_due_dates
from clinics.operations.months import prepare_months
from clinics.operations.regimes import load_shipped_regimes
from clinics.operations.roles import ensure_roles
from clinics.operations.rules import load_shipped_rules


def prepare(now: datetime) -> dict[str, Any]:
    """Bring vocabularies, rules, approved products, states' laws, roles and months up to date; what was done."""
    months = prepare_months(now)
    with transaction.atomic():
        hold(AdvisoryLock.REFERENCE)
        return {
            "terms": _load_terms(),
            "rules": load_shipped_rules(),
            "products": load_shipped_products(),
            "regimes": load_shipped_regimes(),
            "roles": ensure_roles(),
            "checks_due": set_due_dates(),
            "months": months,
        }


def _load_terms() -> int:
    """Add the shipped terms that are not there; edited ones stay as staff left them. The number added."""
    source, as_of = vocabulary_source()
    known = set(Term.objects.values_list("pk", flat=True))
    new = []
    for position, term in enumerate(load_vocabulary()):
        key = f"{term.kind}:{term.key}"
        if key not in known:
            new.append(
                Term(
                    id=key,
                    kind=term.kind,
                    key=term.key,
                    english=term.english,
                    spanish=term.spanish,
                    group=term.group,
                    position=position,
                    source=source[:300],
                    as_of=date.fromisoformat(as_of),
                )
            )
    Term.objects.bulk_create(new)
    return len(new)
