"""A clinic answers what is published about it: the form, and the steps by which it proves to be the clinic."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from clinics.directory.answer import show
from clinics.directory.answer_forms import AnswerForm, CodeForm, PointForm, ProofForm
from clinics.directory.clinic_page import StatementView
from clinics.directory.correction_forms import new_stamp
from clinics.directory.corrections import case_page, network_of
from clinics.directory.moved import moved
from clinics.operations import corrections
from clinics.operations.corrections import answers
from clinics.published.clinics import clinic_in_full
from clinics.published.entries import groups_of
from clinics.published.statements import shows_facts, status_of

OPEN_AT_ONCE: Final = 3  # statements; of more, only those that are answered stand open


# As with reports, nobody is signed in here and no cookie is set.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, public_id: str) -> HttpResponse:
    """The form for a clinic's answer, or what was sent by it: then on to the case's own page."""
    now = datetime.now(UTC)
    clinic = clinic_in_full(public_id, now.date())
    if clinic is None:
        return moved(request, "directory:answer", public_id)
    if not shows_facts(clinic):
        return show(request, "removed", {"clinic": clinic, "status": status_of(clinic)})
    sent = request.POST if request.method == "POST" else None
    chosen = request.GET.get("statement", "")
    claims: list[Any] = list(clinic.public_claims)  # type: ignore[attr-defined]
    points = [
        (
            StatementView.of(claim, now),
            PointForm(sent, prefix=claim.public_id, initial={"on": claim.public_id == chosen}),
        )
        for claim in claims
    ]
    form = AnswerForm(answers.ways_of(clinic), sent, initial={"stamp": new_stamp()})
    page = {"clinic": clinic, "points": points, "form": form, "others": groups_of(clinic)}
    return _sent(request, page, now) if sent is not None else _form(request, page)


def _sent(request: HttpRequest, page: dict[str, Any], now: datetime) -> HttpResponse:
    form, used = page["form"], [point for _, point in page["points"] if point.is_used]
    valid = [point.is_valid() for point in used]
    fault = ""
    if not used or len(used) > answers.MOST_POINTS:
        fault = "too_many_points" if used else "no_point"
    if not form.is_valid() or not all(valid) or fault:
        return _form(request, _again(page), status=400, fault=fault)
    given = answers.Given(
        once=form.cleaned_data["stamp"],
        clinic=page["clinic"].public_id,
        points=tuple(point.point for point in used),
        sender=form.cleaned_data["sender"],
        way=form.cleaned_data["way"],
        local_part=form.cleaned_data["local_part"],
        contact=form.cleaned_data["contact"],
        language=(get_language() or "en")[:2],
    )
    try:
        case = answers.receive_answer(given, network=network_of(request), now=now)
    except corrections.TooMany:
        return _form(request, page, status=429, fault="too_many")
    except answers.NothingThere:
        return _form(request, page, status=409, fault="nothing_there")
    return HttpResponseRedirect(reverse("directory:case", args=[case.token]))


def _again(page: dict[str, Any]) -> dict[str, Any]:
    """The same form with what was typed, under a new stamp where the old one is of no use."""
    form = page["form"]
    if "stamp" in form.errors:
        form.data = form.data.copy()
        form.data["stamp"] = new_stamp()
    return page


def _form(request: HttpRequest, page: dict[str, Any], *, status: int = 200, fault: str = "") -> HttpResponse:
    is_open = len(page["points"]) <= OPEN_AT_ONCE
    context = {
        **page,
        "fault": fault,
        "is_open": is_open,
        "longest": answers.LONGEST_REPLY,
        "most": answers.MOST_POINTS,
        "has_errors": bool(fault or page["form"].errors) or any(point.errors for _, point in page["points"]),
    }
    found = show(request, "answer", context)
    found.status_code = status
    return found


@csrf_exempt
@never_cache
@require_POST
def proof(request: HttpRequest, token: str, step: str) -> HttpResponse:
    """One step of the proof, on the case's page."""
    found = answers.answer_at(token)
    if found is None or step not in STEPS:
        raise Http404
    try:
        return STEPS[step](request, found)
    except corrections.TooMany:
        return case_page(request, found.case, status=429, told="too_many")
    except answers.NothingThere:
        return case_page(request, found.case, status=409, told="nothing_there")


def _by_way(request: HttpRequest, found: Any) -> HttpResponse:
    form = ProofForm(answers.ways_of(found.clinic), request.POST)
    if not form.is_valid():
        return case_page(request, found.case, status=400, proof_form=form)
    given = form.cleaned_data
    answers.choose_way(found, given["way"], given["local_part"], **_who(request))
    return _back(found)


def _by_code(request: HttpRequest, found: Any) -> HttpResponse:
    form = CodeForm(request.POST)
    if not form.is_valid():
        return case_page(request, found.case, status=400, code_form=form)
    told = answers.enter_code(found, form.cleaned_data["code"], **_who(request))
    if told == answers.Told.PROVED:
        return _back(found)
    return case_page(request, found.case, status=400, told=str(told), code_form=form)


def _show_token(request: HttpRequest, found: Any) -> HttpResponse:
    return case_page(request, found.case, line=answers.make_token(found, **_who(request)))


def _look(request: HttpRequest, found: Any) -> HttpResponse:
    answers.ask_to_look(found, **_who(request))
    return _back(found)


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"network": network_of(request), "now": datetime.now(UTC)}


def _back(found: Any) -> HttpResponse:
    return HttpResponseRedirect(reverse("directory:case", args=[found.case.token]))


STEPS: Final[dict[str, Callable[[HttpRequest, Any], HttpResponse]]] = {
    "way": _by_way,
    "code": _by_code,
    "token": _show_token,
    "look": _look,
}
