"""What we keep."""

from clinics.models.approved_product import ApprovedProduct
from clinics.models.check import Check
from clinics.models.check_due import CheckDue
from clinics.models.claim import Assessment, Claim, ClaimCredential, ClaimVersion, QuotePresence
from clinics.models.claim_reference import ClaimReference
from clinics.models.claim_reply import ClaimReply
from clinics.models.clinic import Clinic
from clinics.models.clinic_answer import AnswerCall, AnswerPoint, ClinicAnswer
from clinics.models.clinic_import import ClinicImport, ImportPart, ImportRow
from clinics.models.correction import Correction
from clinics.models.credential_check import CredentialCheck
from clinics.models.decision import Decision
from clinics.models.digest import Delivery, Digest, MailedItem
from clinics.models.flag import Cause, Finding, Flag, Sighting, Variant
from clinics.models.flag_comment import FlagComment
from clinics.models.host import Host
from clinics.models.ignore_rule import IgnoreRule
from clinics.models.job import Job
from clinics.models.legal_hold import LegalHold
from clinics.models.location import Location
from clinics.models.merge_record import MergeRecord
from clinics.models.official_action import ActionOutcome, ActionVersion, OfficialAction
from clinics.models.organisation import Organisation, OrganisationLink
from clinics.models.page import Page, PageState, PageUse
from clinics.models.page_proposal import PageProposal
from clinics.models.practitioner import Affiliation, Practitioner
from clinics.models.question import Question
from clinics.models.register_file import RegisterFile
from clinics.models.register_look_up import RegisterLookUp
from clinics.models.rule import Rule
from clinics.models.rule_record import RuleRecord
from clinics.models.saved_filter import SavedFilter
from clinics.models.screenshot import Screenshot
from clinics.models.seal import Seal, Stump
from clinics.models.seal_stamp import SealStamp
from clinics.models.sealed import Sealed
from clinics.models.search_document import SearchDocument
from clinics.models.shared_wording import SharedWording
from clinics.models.snapshot import Snapshot
from clinics.models.standing_decision import StandingDecision
from clinics.models.state_regime import StateRegime
from clinics.models.store_measure import StoreMeasure
from clinics.models.term import Term
from clinics.models.told_apart import ToldApart
from clinics.models.tombstone import Tombstone
from clinics.models.treatment import Treatment
from clinics.models.visitor_post import VisitorPost

__all__ = [
    "ActionOutcome",
    "ActionVersion",
    "Affiliation",
    "AnswerCall",
    "AnswerPoint",
    "ApprovedProduct",
    "Assessment",
    "Cause",
    "Check",
    "CheckDue",
    "Claim",
    "ClaimCredential",
    "ClaimReference",
    "ClaimReply",
    "ClaimVersion",
    "Clinic",
    "ClinicAnswer",
    "ClinicImport",
    "Correction",
    "CredentialCheck",
    "Decision",
    "Delivery",
    "Digest",
    "Finding",
    "Flag",
    "FlagComment",
    "Host",
    "IgnoreRule",
    "ImportPart",
    "ImportRow",
    "Job",
    "LegalHold",
    "Location",
    "MailedItem",
    "MergeRecord",
    "OfficialAction",
    "Organisation",
    "OrganisationLink",
    "Page",
    "PageProposal",
    "PageState",
    "PageUse",
    "Practitioner",
    "Question",
    "QuotePresence",
    "RegisterFile",
    "RegisterLookUp",
    "Rule",
    "RuleRecord",
    "SavedFilter",
    "Screenshot",
    "Seal",
    "SealStamp",
    "Sealed",
    "SearchDocument",
    "SharedWording",
    "Sighting",
    "Snapshot",
    "StandingDecision",
    "StateRegime",
    "StoreMeasure",
    "Stump",
    "Term",
    "ToldApart",
    "Tombstone",
    "Treatment",
    "Variant",
    "VisitorPost",
]
