"""The staff's desk."""

from clinics.admin.accounts import AccountAdmin, RoleAdmin
from clinics.admin.answer_points import AnswerPointAdmin
from clinics.admin.approved_products import ApprovedProductAdmin
from clinics.admin.claims import ClaimAdmin
from clinics.admin.clinic_imports import ClinicImportAdmin
from clinics.admin.clinics import ClinicAdmin
from clinics.admin.corrections import CorrectionAdmin
from clinics.admin.credential_checks import CredentialCheckAdmin
from clinics.admin.decisions import DecisionAdmin
from clinics.admin.digests import DeliveryAdmin, DigestAdmin
from clinics.admin.flags import FlagAdmin
from clinics.admin.hosts import HostAdmin
from clinics.admin.ignore_rules import IgnoreRuleAdmin
from clinics.admin.jobs import JobAdmin
from clinics.admin.legal_holds import LegalHoldAdmin
from clinics.admin.merge_records import MergeRecordAdmin, ToldApartAdmin
from clinics.admin.official_actions import OfficialActionAdmin
from clinics.admin.organisations import OrganisationAdmin
from clinics.admin.page_proposals import PageProposalAdmin
from clinics.admin.pages import PageAdmin
from clinics.admin.practitioners import PractitionerAdmin
from clinics.admin.questions import QuestionAdmin
from clinics.admin.register_look_ups import RegisterLookUpAdmin
from clinics.admin.rules import RuleAdmin
from clinics.admin.saved_filters import SavedFilterAdmin
from clinics.admin.screenshots import ScreenshotAdmin
from clinics.admin.seals import SealAdmin, TombstoneAdmin
from clinics.admin.snapshots import SnapshotAdmin
from clinics.admin.standing_decisions import StandingDecisionAdmin
from clinics.admin.state_regimes import StateRegimeAdmin
from clinics.admin.terms import TermAdmin

__all__ = [
    "AccountAdmin",
    "AnswerPointAdmin",
    "ApprovedProductAdmin",
    "ClaimAdmin",
    "ClinicAdmin",
    "ClinicImportAdmin",
    "CorrectionAdmin",
    "CredentialCheckAdmin",
    "DecisionAdmin",
    "DeliveryAdmin",
    "DigestAdmin",
    "FlagAdmin",
    "HostAdmin",
    "IgnoreRuleAdmin",
    "JobAdmin",
    "LegalHoldAdmin",
    "MergeRecordAdmin",
    "OfficialActionAdmin",
    "OrganisationAdmin",
    "PageAdmin",
    "PageProposalAdmin",
    "PractitionerAdmin",
    "QuestionAdmin",
    "RegisterLookUpAdmin",
    "RoleAdmin",
    "RuleAdmin",
    "SavedFilterAdmin",
    "ScreenshotAdmin",
    "SealAdmin",
    "SnapshotAdmin",
    "StandingDecisionAdmin",
    "StateRegimeAdmin",
    "TermAdmin",
    "ToldApartAdmin",
    "TombstoneAdmin",
]
