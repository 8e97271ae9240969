"""A pasted quote, run through the rules and looked for in the clinic's texts, fills the form of a new claim."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse

from clinics.models import Clinic, Rule
from clinics.operations.claim_proposals import ClaimProposal, guidance_of, propose_claim
from clinics.operations.refusal import Refusal


class WithQuotes(ModelAdmin):
    """The page of a new claim, with a button that proposes what follows from the quote."""

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The stock page; filled from the quote, where that was asked for."""
        context: dict[str, Any] = dict(extra_context or {})
        if request.method == "POST" and "propose" in request.POST:
            context |= self._proposed(request)
            request.method = "GET"
        return super().add_view(request, form_url, context)

    def _proposed(self, request: HttpRequest) -> dict[str, Any]:
        """What is proposed, for the form and for the eye; a refusal instead where nothing can be."""
        typed = {name: request.POST.get(name, "") for name in ("clinic", "quote", "category", "severity", "language")}
        request.proposed = {name: value for name, value in typed.items() if value}  # type: ignore[attr-defined]
        clinic = Clinic.objects.filter(pk=typed["clinic"]).first() if typed["clinic"].isdigit() else None
        if clinic is None:
            return {"quote_refused": "Choose the clinic first: its texts are looked through for the quote."}
        try:
            proposal = propose_claim(clinic, typed["quote"])
        except Refusal as refusal:
            return {"quote_refused": str(refusal)}
        facts = proposal.facts
        if typed["language"] not in ("", facts["language"], "en"):
            del facts["language"]  # a person has chosen it, and only two languages are told by their words
        request.proposed |= facts  # type: ignore[attr-defined]
        return {"proposal": proposal, "guidance": _guidance(proposal), "clinic": clinic}

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The claim's fields, as proposed."""
        proposed: dict[str, Any] = getattr(request, "proposed", {})
        return {**super().get_changeform_initial_data(request), **proposed}


def _guidance(proposal: ClaimProposal) -> dict[str, Any] | None:
    return {**guidance_of(proposal.rule), "rule": proposal.rule.pk} if proposal.rule else None


def rule_of_guidance(request: HttpRequest) -> Rule | None:
    """The rule whose citation a person has ticked to be kept as an assessment."""
    chosen = request.POST.get("guidance", "")
    return Rule.objects.filter(pk=chosen).first() if chosen.isdigit() else None
