"""What visitors tell us, what becomes of it, and the public log of corrections."""

from datetime import UTC, datetime
from typing import Any, Final

from django.conf import settings
from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinics.directory.answer import show
from clinics.directory.answer_forms import CodeForm, ProofForm
from clinics.directory.clinic_page import StatementView
from clinics.directory.correction_forms import AdvertisementForm, ClinicForm, ErrorForm, ReportForm, new_stamp
from clinics.operations import corrections
from clinics.operations.corrections import answers
from clinics.published.clinics import claims_shown
from clinics.published.entries import entry_in_words

FORMS: Final[dict[str, type[ReportForm]]] = {
    "error": ErrorForm,
    "clinic": ClinicForm,
    "advertisement": AdvertisementForm,
}
KINDS: Final = {"error": "error", "clinic": "suggestion", "advertisement": "advertisement"}
PER_PAGE: Final = 50


# Nobody is signed in here and no cookie is set, so that a post from elsewhere has nobody's rights to misuse.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, what: str) -> HttpResponse:
    """A form, or what was sent by it: then on to the case's own page. Nothing that was typed is lost."""
    if what not in FORMS:
        raise Http404
    if request.method != "POST":
        about = corrections.page_named(request.GET.get("about", ""))
        return _form(request, what, FORMS[what](initial={"stamp": new_stamp(), "about": about}))
    form = FORMS[what](request.POST)
    if not form.is_valid():
        return _form(request, what, _again(form, request), status=400)
    try:
        case = corrections.receive(_report(what, form), network=network_of(request), now=datetime.now(UTC))
    except corrections.TooMany:
        return _form(request, what, _again(form, request), status=429, too_many=True)
    return HttpResponseRedirect(reverse("directory:case", args=[case.token]))


def _report(what: str, form: ReportForm) -> corrections.Report:
    given = form.cleaned_data
    return corrections.Report(
        once=given["stamp"],
        kind=KINDS[what],
        text=given["text"],
        about=given.get("about", ""),
        seen_at=given.get("seen_at", ""),
        contact=given["contact"],
        language=(get_language() or "en")[:2],
    )


def _again(form: ReportForm, request: HttpRequest) -> ReportForm:
    """The same form with what was typed, under a new stamp where the old one is of no use."""
    if "stamp" in form.errors:
        form.data = request.POST.copy()
        form.data["stamp"] = new_stamp()
    return form


def _form(
    request: HttpRequest, what: str, form: ReportForm, *, status: int = 200, too_many: bool = False
) -> HttpResponse:
    about = corrections.page_named(form["about"].value() or "") if what == "error" else ""
    context = {"what": what, "form": form, "too_many": too_many, "about": about, "entry": _entry(about)}
    answer = show(request, "report", context)
    answer.status_code = status
    return answer


def _entry(about: str) -> str:
    """The entry that a report is about, in words; "" where it is about a whole page."""
    named = corrections.entry_named(about)
    return entry_in_words(named.clinic, named.room, named.row) if named else ""


def network_of(request: HttpRequest) -> str:
    """The visitor's address: the one that the outermost of our own proxies saw, where there are any."""
    passed_on = [one.strip() for one in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if settings.PROXIES and len(passed_on) >= settings.PROXIES:
        return str(passed_on[-settings.PROXIES])
    return str(request.META.get("REMOTE_ADDR", ""))


@never_cache
@require_safe
def case(request: HttpRequest, token: str) -> HttpResponse:
    """What became of a report. Only whoever has the address finds it."""
    found = corrections.case_at(token)
    if found is None:
        raise Http404
    return case_page(request, found)


def case_page(request: HttpRequest, found: Any, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page of a case; of an answer that waits for its proof, with the forms for that."""
    context = {"case": found, "may_appeal": corrections.may_appeal(found, datetime.now(UTC)), **more}
    if found.kind == "answer":
        found = answers.answer_at(found.token)
        waits = found.case.state == "unproved"
        ways = answers.ways_of(found.clinic) if waits else None
        context = {
            "points": _points(found),
            "answer": found,
            "is_under_way": waits and answers.is_being_looked_for(found),
            "last_mail": answers.last_mail(found) if waits else None,
            "mail_is_on": answers.codes_are_mailed(),
            "proof_form": ProofForm(ways, initial={"way": found.way}) if ways else None,
            "code_form": CodeForm(),
            "numbers": answers.numbers_of(found) if waits else (),
            **context,
            "case": found.case,
        }
    shown = show(request, "case", context)
    shown.status_code = status
    return shown


def _points(answer: Any) -> list[tuple[Any, Any]]:
    """What was sent, each point with its statement in words; None beside one whose words are not public any more."""
    points = list(answers.points_of(answer))
    public = {claim.pk: claim for claim in claims_shown([point.claim_id for point in points])}
    now = datetime.now(UTC)
    return [(one, StatementView.of(public[one.claim_id], now) if one.claim_id in public else None) for one in points]


@csrf_exempt
@never_cache
@require_POST
def appeal(request: HttpRequest, token: str) -> HttpResponse:
    """Asks for other people to look at a closed case."""
    if corrections.case_at(token) is None:
        raise Http404
    corrections.appeal(token, datetime.now(UTC))
    return HttpResponseRedirect(reverse("directory:case", args=[token]))


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """The public log of corrections."""
    try:
        page = Paginator(corrections.log(), PER_PAGE).page(request.GET.get("page") or 1)
    except InvalidPage:
        raise Http404 from None
    return show(request, "corrections", {"page": page})


@require_safe
def report_what(request: HttpRequest) -> HttpResponse:
    """What one can tell us, and where else to go."""
    return show(request, "report_what", {"mail_is_on": answers.codes_are_mailed()})


@require_safe
def harm(request: HttpRequest) -> HttpResponse:
    """Where to report harm. Nothing is asked here."""
    return show(request, "harm")
