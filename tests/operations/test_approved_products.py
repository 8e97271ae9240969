from datetime import date

import pytest

from clinics.domain.approved import shipped_products
from clinics.models import ApprovedProduct, Cause, Flag, Page
from clinics.operations import approved_products, shipped
from clinics.operations.recording import record_clinic
from clinics.operations.refusal import Refusal
from clinics.operations.reports import report
from clinics.operations.rules import current_ruleset
from tests.operations.reading import MONDAY, Clock, Site, a_rule

pytestmark = pytest.mark.django_db
HOME = "https://knees.example/"
TRUE = "Ryoncil is FDA approved for children with SR-aGVHD."
FORM = {
    "key": "newcel",
    "title": "Newcel",
    "kind": "cell_or_gene_therapy",
    "names": ["newcel"],
    "uses": ["knee arthritis"],
    "people": ["adults"],
    "indication": "arthritis of the knee in adults",
    "source_title": "FDA list",
    "source_url": "https://agency.example/list",
    "source_date": date(2026, 11, 1),
    "must": ["Newcel is FDA approved for adults with knee arthritis."],
    "must_not": ["Newcel is FDA approved for autism."],
}


def save(**changes):
    row = ApprovedProduct.objects.filter(key="newcel").first() or ApprovedProduct()
    return approved_products.save_product(row, by=None, **{**FORM, **changes})


def test_a_product_that_holds_its_own_examples_is_saved_and_read_by():
    save()
    assert [product.key for product in approved_products.current_products()] == ["newcel"]
    assert [product.key for product in current_ruleset().approved] == ["newcel"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"names": ["(unclosed"]}, "unclosed"),
        ({"uses": []}, "uses"),
        ({"must": ["Our cells are approved."]}, "Our cells are approved"),
        ({"must_not": ["Newcel is FDA approved for knee arthritis."]}, "must not"),
        ({"source_url": "the list"}, "source_url"),
        ({"kind": "cream"}, "kind"),
    ],
)
def test_a_product_that_cannot_be_used_is_refused_and_stays_as_it_was(changes, told):
    with pytest.raises(Refusal, match=told):
        save(**changes)
    assert not ApprovedProduct.objects.exists()
    save()
    with pytest.raises(Refusal):
        save(**changes)
    assert ApprovedProduct.objects.get().as_domain().names == ("newcel",)


def test_an_inactive_product_keeps_nothing_quiet():
    save(active=False)
    assert approved_products.current_products() == ()


def test_only_what_bears_on_matching_changes_the_version_of_the_rules():
    save()
    first = current_ruleset().version
    save(note="Looked at again.")
    assert current_ruleset().version == first
    save(uses=["knee arthritis", "hip arthritis"])
    assert current_ruleset().version != first


def test_shipped_products_come_in_once_as_they_are():
    number = len(shipped_products())
    assert approved_products.load_shipped_products()["added"] == number
    assert approved_products.load_shipped_products() == {
        "added": 0,
        "updated": 0,
        "proposed": 0,
        "unchanged": number,
    }
    assert approved_products.current_products() == shipped_products()


def an_older_release(**edits):
    """Ryoncil as an older release shipped it, with staff's edits since."""
    approved_products.load_shipped_products()
    row = ApprovedProduct.objects.get(key="ryoncil")
    row.indication = "GVHD"
    row.shipped = {**row.shipped, "indication": "GVHD"}
    for name, value in edits.items():
        setattr(row, name, value)
    row.save()
    return row


def test_an_unedited_product_follows_an_upgrade():
    row = an_older_release()
    assert approved_products.load_shipped_products()["updated"] == 1
    row.refresh_from_db()
    assert row.indication == "steroid-refractory acute GVHD in children"


def test_an_edited_product_stays_and_gets_a_proposal_once_that_can_be_taken_or_dropped():
    row = an_older_release(note="Ours.")
    assert approved_products.load_shipped_products()["proposed"] == 1
    assert approved_products.load_shipped_products()["proposed"] == 0
    row.refresh_from_db()
    assert (row.note, row.indication) == ("Ours.", "GVHD")
    shipped.take_proposal(row, by=None)
    row.refresh_from_db()
    assert (row.note, row.indication) == ("", "steroid-refractory acute GVHD in children")
    assert row.licensed_on == date(2024, 12, 18)
    with pytest.raises(Refusal, match="no newer"):
        shipped.take_proposal(row, by=None)


def test_a_dropped_proposal_is_not_made_again():
    row = an_older_release(note="Ours.")
    approved_products.load_shipped_products()
    row.refresh_from_db()
    shipped.drop_proposal(row, by=None)
    assert approved_products.load_shipped_products()["proposed"] == 0
    row.refresh_from_db()
    assert (row.note, row.proposal) == ("Ours.", None)
    with pytest.raises(Refusal, match="no newer"):
        shipped.drop_proposal(row, by=None)


@pytest.fixture
def site(settings, tmp_path):
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"
    settings.FETCH_HOST_DELAY = 0
    return Site(Clock())


def read(site):
    [line] = [line for written in site.read(Page.objects.get()) for line in report(written)]
    return {name: [flag["sentence"] for flag in flags] for name, flags in line.items() if name.endswith("_flags")}


def test_a_true_statement_raises_no_flag_and_staffs_change_of_it_is_a_change_of_ours(site):
    approved_products.load_shipped_products()
    a_rule("approved", r"\bfda approved\b", severity=5, category="fda_approval")
    record_clinic("Knee House", HOME, by=None, now=MONDAY)
    site.says(HOME, TRUE, "Our cells are FDA approved.")
    assert read(site)["new_flags"] == ["Our cells are FDA approved."]
    row = ApprovedProduct.objects.get(key="ryoncil")
    facts = {**row.facts(), "uses": ["lymphoma"], "must": [], "must_not": []}
    approved_products.save_product(row, by=None, **facts)
    site.clock.days(7)
    told = read(site)
    assert (told["new_flags"], told["reclassified_flags"]) == ([], [TRUE])
    assert Flag.objects.get(sentence=TRUE).cause == Cause.RULE_CHANGED
