"""Approved products: shipped ones come in, staff edit them, and readers leave true statements about them alone."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from clinics.domain.approved import ApprovedProduct as DomainProduct
from clinics.domain.approved import ProductFault, check_product, shipped_product_facts
from clinics.models import ApprovedProduct
from clinics.operations.refusal import Refusal, check
from clinics.operations.shipped import Facts, bring_in


def current_products() -> tuple[DomainProduct, ...]:
    """The active products, as the domain reads them."""
    return tuple(row.as_domain() for row in ApprovedProduct.objects.active().order_by("key"))


@transaction.atomic
def save_product(row: ApprovedProduct, *, by: User | None, **fields: Any) -> ApprovedProduct:
    """Save a product whose patterns can be read and whose examples hold. Raises Refusal, naming what does not."""
    for name, value in fields.items():
        setattr(row, name, value)
    check(row)
    try:
        check_product(row.as_domain())
    except ProductFault as fault:
        raise Refusal(str(fault)) from None
    row.save()
    return row


@transaction.atomic
def load_shipped_products() -> dict[str, int]:
    """Bring in the shipped products, around staff's edits; how many were added, updated, proposed, left."""
    rows = {row.key: row for row in ApprovedProduct.objects.select_for_update()}
    shipped = {key: _as_columns(facts) for key, facts in shipped_product_facts().items()}
    return bring_in(ApprovedProduct, "key", shipped, rows)


def _as_columns(facts: Facts) -> Facts:
    """What a row keeps of the data file: patterns of all languages together, the source in three columns."""
    columns = {name: facts[name] for name in ApprovedProduct.SHIPPED_FIELDS if name in facts}
    for name in ("names", "uses", "people"):
        columns[name] = [pattern for patterns in facts[name].values() for pattern in patterns]
    source = facts["source"]
    return {**columns, "source_title": source["title"], "source_url": source["url"], "source_date": source["date"]}
