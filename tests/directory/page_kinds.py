"""One address of every kind of page that visitors see, over rows that fill it."""

from django.utils import timezone

from clinics.models import Assessment, Clinic, Correction, Organisation, OrganisationLink
from clinics.operations.approved_products import load_shipped_products
from clinics.operations.questions import publish_answer
from clinics.operations.regimes import load_shipped_regimes
from tests.build import NOW, a_correction, a_published_action, a_user, an_answer, an_answer_case
from tests.published import rows

LONG = "Regenerationsmedizinische-Gemeinschaftspraxis Dr. Featherstonehaugh & Partners of Saint Augustine"
OTHER_FORMATS = {
    *("clinics_as_json", "table", "insight_data", "feed", "clinic_feed", "dump"),
    *("appeal", "proof"),  # take posts alone
}
"""Addresses in the visitors' rooms that are no pages."""


def page_kinds() -> dict[str, list[str]]:
    """The addresses by the name of their pattern; several where a page has several faces."""
    rows.the_vocabulary()
    load_shipped_products()
    load_shipped_regimes()
    clinic = _a_full_clinic()
    removed = rows.a_clinic("Removed Clinic", "delisted")
    others = [rows.a_clinic(name) for name in (LONG, "Knee House", "Bay Cells")]
    for one in others:
        rows.a_location(one)
        rows.a_treatment(one, condition="knee_arthritis", cell_source="prp", posture="state_law")
    home = f"/clinics/{clinic.public_id}/"
    claim = clinic.claims.filter(state="published")[0]
    gone = rows.a_claim(clinic, "Withdrawn words.", state="withdrawn")
    action = a_published_action(clinic, title=f"Letter on {LONG}")
    four = "&".join(f"clinic={one.public_id}" for one in (clinic, *others))
    report = f"/report/error/?about={home}"
    return {
        "search": ["/", "/?state=FL&q=knee", "/?state=ZZ", "/?state=TX&q=knee"],
        "clinic": [home, f"/clinics/{removed.public_id}/", f"/clinics/{others[1].public_id}/"],
        "statement": [f"{home}statements/{one.public_id}/" for one in (claim, gone)],
        "official_action": [f"{home}actions/{action.public_id}/"],
        "clinic_questions": [f"{home}questions/"],
        "questions": ["/questions/"],
        "compare": ["/compare/", f"/compare/?{four}", f"/compare/?{four}&clinic=x&clinic={removed.public_id}"],
        "understand": ["/understand/"],
        "understand_page": [
            "/understand/approved-products/",
            "/understand/state-rules/",
            "/understand/your-own-cells/",
        ],
        "about": ["/about/"],
        "our_reader": ["/about/our-reader/"],
        "data": ["/about/data/"],
        "report_what": ["/report/"],
        "harm": ["/report/harm/"],
        "report": [report, "/report/clinic/", "/report/advertisement/"],
        "answer": [f"{home}answer/", f"{home}answer/?statement={claim.public_id}"],
        "case": [f"/report/case/{case.token}/" for case in (_a_case(home), an_answer_case(claim, state="unproved"))],
        "corrections": ["/corrections/"],
        "insight": ["/insight/"],
        "": ["/nothing-here/"],
    }


def _a_full_clinic() -> Clinic:
    clinic = rows.a_clinic(other_names="PCR Cell Therapy", languages=["en", "es"])
    rows.a_location(clinic)
    rows.a_location(clinic, street="4410 North Rocky Point Drive, Suite 1200", city="Tampa", zip="33607")
    rows.a_treatment(clinic, condition="knee_arthritis", cell_source="prp", origin="autologous", route="intravenous")
    rows.a_treatment(clinic, LONG, condition="back_pain", cell_source="umbilical_cord_tissue", posture="state_law")
    rows.a_claim(clinic, "We end your suffering.", assessed_as=Assessment.Key.values)
    rows.a_claim(clinic, "Nearly everyone qualifies. Call us.", "guarantee", disputed_since=NOW.date())
    rows.a_check(clinic, practitioner=rows.a_practitioner(clinic, "Dr. Ines Vale"))
    rows.a_check(clinic, "state_licence", "restricted")
    company = Organisation.objects.create(name="Tidewater Regenerative Holdings")
    OrganisationLink.objects.create(clinic=clinic, organisation=company, relation="operates", since=NOW.date())
    publish_answer(an_answer(clinic), by=a_user("second"), now=NOW)
    return clinic


def _a_case(about: str) -> Correction:
    """A case that is decided, and closed for the log."""
    closed = {
        "state": "closed",
        "outcome": "changed",
        "public_note": "The date was the day of another page. It is mended.",
        "about": about,
        "decided_by": a_user("first"),
        "decided_at": NOW,
        "confirmed_by": a_user("second"),
        "closed_at": timezone.now(),
    }
    return a_correction(reason="Right.", **closed)
