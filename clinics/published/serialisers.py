"""Published rows as JSON."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers

from clinics.models import (
    ActionOutcome,
    Assessment,
    Claim,
    ClaimReference,
    ClaimReply,
    Clinic,
    CredentialCheck,
    Location,
    OfficialAction,
    Question,
    Term,
    Treatment,
)
from clinics.published import freshness, statements


def _key(term: Term | None) -> str | None:
    return term.key if term else None


class LocationSerialiser(serializers.ModelSerializer[Location]):
    """An address. Coordinates are those of the ZIP code."""

    class Meta:
        model = Location
        fields = ("street", "city", "state", "zip", "country", "phone", "latitude", "longitude")


class TreatmentSerialiser(serializers.ModelSerializer[Treatment]):
    """What is offered, with the keys of the vocabularies. Null and "" mean not recorded; what `not_stated` names was
    looked for and is not stated on the pages read."""

    condition = serializers.SlugRelatedField[Term]("key", read_only=True, allow_null=True)
    cell_source = serializers.SlugRelatedField[Term]("key", read_only=True, allow_null=True)
    origin = serializers.SlugRelatedField[Term]("key", read_only=True, allow_null=True)
    route = serializers.SlugRelatedField[Term]("key", read_only=True, allow_null=True)
    posture = serializers.SlugRelatedField[Term]("key", read_only=True, allow_null=True)
    evidence = serializers.SlugRelatedField[Term]("key", read_only=True, allow_null=True)
    laboratory = serializers.CharField(source="laboratory.name", default=None, allow_null=True)

    class Meta:
        model = Treatment
        fields = (
            "name", "product", "condition", "cell_source", "origin", "route", "posture", "evidence", "laboratory",
            "price_stated", "not_stated",
        )  # fmt: skip


class AssessmentSerialiser(serializers.ModelSerializer[Assessment]):
    """A dated statement beside a clinic's statement."""

    sentence = serializers.SerializerMethodField()
    source_url = serializers.SerializerMethodField()

    class Meta:
        model = Assessment
        fields = ("key", "sentence", "assessed_on", "source_name", "source_date", "source_url", "detail")

    def get_sentence(self, assessment: Assessment) -> str:
        """The fixed sentence, filled in."""
        return statements.assessment_sentence(assessment)

    def get_source_url(self, assessment: Assessment) -> str:
        """Where the source can be read."""
        return freshness.link_to(assessment.source)


class CredentialCheckSerialiser(serializers.ModelSerializer[CredentialCheck]):
    """What a register showed on a date."""

    id = serializers.CharField(source="public_id")
    kind = serializers.CharField(source="kind.key")
    sentence = serializers.SerializerMethodField()
    age = serializers.SerializerMethodField()
    attempt = serializers.SerializerMethodField()
    source_url = serializers.SerializerMethodField()

    class Meta:
        model = CredentialCheck
        fields = (
            "id", "kind", "subject", "register", "identifier", "outcome", "sentence", "register_word",
            "register_date", "checked_on", "age", "attempt", "source_url", "published_at",
        )  # fmt: skip

    def get_sentence(self, check: CredentialCheck) -> str:
        """The fixed sentence, filled in."""
        return statements.outcome_sentence(check)

    def get_age(self, check: CredentialCheck) -> str | None:
        """That the check is past our limit of days."""
        age = freshness.age_of_check(check, timezone.now().date())
        return age.text if age else None

    def get_attempt(self, check: CredentialCheck) -> str | None:
        """That the register could not be reached since then."""
        attempt = freshness.last_attempt(check)
        return attempt.text if attempt else None

    def get_source_url(self, check: CredentialCheck) -> str:
        """Where the register can be looked at."""
        return freshness.link_to(check.source)


class ReferenceSerialiser(serializers.ModelSerializer[ClaimReference]):
    """A paper, a trial or a regulator's page beside a statement."""

    url = serializers.SerializerMethodField()

    class Meta:
        model = ClaimReference
        fields = ("kind", "identifier", "title", "url")

    def get_url(self, reference: ClaimReference) -> str:
        """Where it can be read."""
        return statements.reference_link(reference)


class ReplySerialiser(serializers.ModelSerializer[ClaimReply]):
    """What the clinic answered, in its own words."""

    class Meta:
        model = ClaimReply
        fields = ("text", "received_on")


class ClaimSerialiser(serializers.ModelSerializer[Claim]):
    """What a clinic says, in its own words, with where and when it was read."""

    id = serializers.CharField(source="public_id")
    category = serializers.CharField(source="public_category")
    quote = serializers.SerializerMethodField()
    remark = serializers.SerializerMethodField()
    context = serializers.SerializerMethodField()
    page = serializers.SerializerMethodField()
    last_read_at = serializers.SerializerMethodField()
    freshness = serializers.SerializerMethodField()
    assessments = AssessmentSerialiser(many=True)
    references = ReferenceSerialiser(many=True)
    replies = ReplySerialiser(source="public_replies", many=True)
    credential_checks = serializers.SerializerMethodField()

    class Meta:
        model = Claim
        fields = (
            "id", "category", "quote", "remark", "context", "surface", "document_page", "language", "page",
            "first_seen_on", "last_read_at", "freshness", "published_at", "disputed_since", "assessments",
            "references", "replies", "credential_checks",
        )  # fmt: skip

    def get_quote(self, claim: Claim) -> str:
        """The exact words."""
        return statements.quote_of(claim)

    def get_context(self, claim: Claim) -> str:
        """The passage around the words."""
        return statements.context_of(claim)

    def get_remark(self, claim: Claim) -> str:
        """For a notice that was not found: the fixed sentence."""
        return statements.remark_on(claim)

    def get_credential_checks(self, claim: Claim) -> list[str]:
        """The ids of the published checks that bear on it."""
        return [check.public_id for check in getattr(claim, "public_checks", ())]

    def get_page(self, claim: Claim) -> str:
        """The page that carries the words; empty for a capture by hand or an address that leads elsewhere."""
        return freshness.link_to(claim.page)

    def get_last_read_at(self, claim: Claim) -> str | None:
        """When that page was last read."""
        state = freshness.state_of(claim.page)
        return state.last_read_at.isoformat() if state and state.last_read_at else None

    def get_freshness(self, claim: Claim) -> list[dict[str, Any]]:
        """The fixed sentences on reading and presence."""
        found = freshness.freshness(claim, timezone.now())
        return [{"key": one.key, "text": one.text} for one in found]


class WithdrawnSerialiser(serializers.ModelSerializer[Claim]):
    """A statement that was public and is not any more: dates and reason without its words."""

    id = serializers.CharField(source="public_id")
    withdrawn_at = serializers.DateTimeField(source="ended_at")
    reason = serializers.CharField(source="ended_because")

    class Meta:
        model = Claim
        fields = ("id", "published_at", "withdrawn_at", "reason")


class ActionOutcomeSerialiser(serializers.ModelSerializer[ActionOutcome]):
    """What became of an official action later."""

    sentence = serializers.SerializerMethodField()
    date = serializers.DateField(source="dated")
    url = serializers.SerializerMethodField()

    class Meta:
        model = ActionOutcome
        fields = ("kind", "date", "title", "sentence", "url")

    def get_sentence(self, outcome: ActionOutcome) -> str:
        """The fixed sentence, filled in."""
        return statements.action_outcome(outcome)

    def get_url(self, outcome: ActionOutcome) -> str:
        """Where the later document can be read."""
        return freshness.link_to(outcome.link)


class OfficialActionSerialiser(serializers.ModelSerializer[OfficialAction]):
    """What a regulator, a court or a board did, as its document says."""

    id = serializers.CharField(source="public_id")
    date = serializers.DateField(source="acted_on")
    sentence = serializers.SerializerMethodField()
    document_url = serializers.SerializerMethodField()
    outcomes = ActionOutcomeSerialiser(source="public_outcomes", many=True)

    class Meta:
        model = OfficialAction
        fields = (
            "id", "agency", "kind", "date", "title", "quote", "addressee", "matched_how", "sentence", "document_url",
            "outcomes", "published_at",
        )  # fmt: skip

    def get_sentence(self, action: OfficialAction) -> str:
        """The fixed sentence, filled in."""
        return statements.action_sentence(action)

    def get_document_url(self, action: OfficialAction) -> str:
        """Where the document can be read."""
        return freshness.link_to(action.link)


class WithdrawnActionSerialiser(serializers.ModelSerializer[OfficialAction]):
    """An official action that was public and is not any more: dates and reason without the rest."""

    id = serializers.CharField(source="public_id")
    withdrawn_at = serializers.DateTimeField(source="ended_at")
    reason = serializers.CharField(source="ended_because")

    class Meta:
        model = OfficialAction
        fields = ("id", "published_at", "withdrawn_at", "reason")


class ClinicCardSerialiser(serializers.ModelSerializer[Clinic]):
    """A clinic in a list."""

    id = serializers.CharField(source="public_id")
    website = serializers.SerializerMethodField()
    locations = LocationSerialiser(source="public_locations", many=True)
    treatments = TreatmentSerialiser(source="public_treatments", many=True)
    published_statements = serializers.SerializerMethodField()
    published_checks = serializers.SerializerMethodField()
    published_official_actions = serializers.SerializerMethodField()
    last_read_at = serializers.DateTimeField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = Clinic
        fields: tuple[str, ...] = (
            "id", "url", "name", "other_names", "website", "languages", "serves_us_patients", "locations",
            "treatments", "published_statements", "published_checks", "published_official_actions", "last_read_at",
        )  # fmt: skip

    def get_website(self, clinic: Clinic) -> str:
        """Its own site."""
        return freshness.link_to(clinic.website)

    def get_published_statements(self, clinic: Clinic) -> int:
        """How many of its statements are published."""
        return len(getattr(clinic, "public_claims", ()))

    def get_published_checks(self, clinic: Clinic) -> int:
        """How many credential checks are published."""
        return len(getattr(clinic, "public_checks", ()))

    def get_published_official_actions(self, clinic: Clinic) -> int:
        """How many official documents about it are published."""
        return len(getattr(clinic, "public_actions", ()))

    def get_url(self, clinic: Clinic) -> str:
        """Its public page."""
        path = reverse("directory:clinic", args=[clinic.public_id])
        request = self.context.get("request")
        return str(request.build_absolute_uri(path)) if request else path


class PractitionerSerialiser(serializers.Serializer[Any]):
    """Who treats there, as the clinic names them."""

    name = serializers.CharField(source="practitioner.name")
    provider = serializers.SerializerMethodField()
    npi = serializers.CharField(source="practitioner.npi")
    role = serializers.CharField()

    def get_provider(self, affiliation: Any) -> str | None:
        """The key of the profession."""
        return _key(affiliation.practitioner.provider)


class OrganisationSerialiser(serializers.Serializer[Any]):
    """A company behind the clinic, and when."""

    name = serializers.CharField(source="organisation.name")
    relation = serializers.CharField()
    since = serializers.DateField()
    until = serializers.DateField()


class AnswerSerialiser(serializers.ModelSerializer[Question]):
    """What a person found on the clinic's pages for one of the questions to ask; `not_stated` has no quote."""

    question = serializers.CharField(source="key")
    page_url = serializers.SerializerMethodField()

    class Meta:
        model = Question
        fields = ("question", "finding", "quote", "language", "looked_on", "page_url")

    def get_page_url(self, answer: Question) -> str:
        """Where the words stood; "" for a capture, and where nothing is quoted."""
        return freshness.link_to(answer.page)


class ClinicSerialiser(ClinicCardSerialiser):
    """A clinic with all that is published about it."""

    status = serializers.CharField()
    status_sentence = serializers.SerializerMethodField()
    practitioners = PractitionerSerialiser(source="public_affiliations", many=True)
    organisations = OrganisationSerialiser(source="organisation_links", many=True)
    claims = ClaimSerialiser(source="public_claims", many=True)
    withdrawn_claims = WithdrawnSerialiser(many=True)
    credential_checks = CredentialCheckSerialiser(source="public_checks", many=True)
    answers = AnswerSerialiser(source="public_answers", many=True)
    official_actions = OfficialActionSerialiser(source="public_actions", many=True)
    withdrawn_actions = WithdrawnActionSerialiser(many=True)

    class Meta(ClinicCardSerialiser.Meta):
        fields = (
            *ClinicCardSerialiser.Meta.fields, "status", "status_sentence", "practitioners", "organisations",
            "claims", "withdrawn_claims", "credential_checks", "answers", "official_actions",
            "withdrawn_actions",
        )  # fmt: skip

    def get_status_sentence(self, clinic: Clinic) -> str:
        """What became of it; empty while it is listed."""
        status = statements.status_of(clinic)
        return status.text if status else ""


class RemovedClinicSerialiser(serializers.Serializer[Clinic]):
    """A clinic that we removed: that we did, when and why, and nothing else."""

    id = serializers.CharField(source="public_id")
    status = serializers.CharField()
    status_sentence = serializers.SerializerMethodField()

    def get_status_sentence(self, clinic: Clinic) -> str:
        """When and why it was removed."""
        status = statements.status_of(clinic)
        return status.text if status else ""
