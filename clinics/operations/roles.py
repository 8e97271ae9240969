"""Roles, as groups: who may do what at the staff's desk."""

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q

RECORDED = (
    "clinic",
    "location",
    "practitioner",
    "affiliation",
    "organisation",
    "organisationlink",
    "treatment",
    "page",
    "pageuse",
    "snapshot",
    "credentialcheck",
    "registerlookup",
    "claim",
    "assessment",
    "claimcredential",
    "claimreference",
    "claimreply",
    "officialaction",
    "actionoutcome",
    "question",
)
HANDED_IN = ("clinicimport",)  # files of clinics
SUGGESTED = ("pageproposal",)  # made by machine, decided by people
MERGING = ("mergerecord",)  # made and undone by whoever decides flags, since it joins them
TOLD_APART = ("toldapart",)
MISTYPED = ("location", "affiliation", "organisationlink", "treatment", "pageuse")  # removed; the history keeps them
OWN = ("savedfilter", "digest")  # everybody's own choices
READING = ("ignorerule",)  # what is left unread is a reviewer's choice
CASES = ("correction", "answerpoint")  # visitors' reports and clinics' answers
ACCOUNTS = ("user", "group")
REFERENCE = ("rule", "term", "approvedproduct", "stateregime")
ROLES: dict[str, dict[str, tuple[str, ...]]] = {
    "recorder": {
        "add": (*RECORDED, *OWN, *HANDED_IN, *TOLD_APART),
        "change": (*RECORDED, *OWN, *SUGGESTED),
        "delete": (*MISTYPED, "savedfilter"),
    },
    "reviewer": {
        "add": (*RECORDED, *OWN, *HANDED_IN, *READING, *MERGING, *TOLD_APART),
        "change": (*RECORDED, *OWN, *SUGGESTED, *READING, *MERGING, "flag", "job", *CASES),
        "delete": (*MISTYPED, "savedfilter"),
    },
    "publisher": {
        "add": (*RECORDED, *OWN, *HANDED_IN, *READING, *MERGING, *TOLD_APART, "legalhold"),
        "change": (*RECORDED, *OWN, *SUGGESTED, *READING, *MERGING, "flag", "job", "legalhold", *CASES),
        "delete": (*MISTYPED, "savedfilter"),
        "publish": ("claim", "credentialcheck", "officialaction", "question"),
    },
    "auditor": {"view": ACCOUNTS},  # who may do what is part of what is audited
    "administrator": {
        "view": ACCOUNTS,
        "add": (*RECORDED, *OWN, *HANDED_IN, *READING, *MERGING, *TOLD_APART, "legalhold", *REFERENCE, *ACCOUNTS),
        "change": (
            *RECORDED,
            *OWN,
            *SUGGESTED,
            *READING,
            *MERGING,
            "flag",
            "job",
            *CASES,
            "host",
            "legalhold",
            *REFERENCE,
            *ACCOUNTS,
        ),
        "delete": (*MISTYPED, "savedfilter"),
        "publish": ("claim", "credentialcheck", "officialaction", "question"),
    },
}
PUBLISHING = {
    "claim": "Can sign, hold and withdraw claims",
    "credentialcheck": "Can publish credential checks",
    "officialaction": "Can sign, hold and withdraw official actions",
    "question": "Can publish and withdraw answers to patients' questions",
}


@transaction.atomic
def ensure_roles() -> list[str]:
    """Make the groups and give each its permissions; every role may look at everything. Their names."""
    _make_publishing_permissions()
    view = Permission.objects.filter(content_type__app_label="clinics", codename__startswith="view_")
    for name, actions in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set([*view, *_permissions(actions)])
    return list(ROLES)


def _make_publishing_permissions() -> None:
    """Django makes the permissions to add, change, delete and view by itself; publishing is ours."""
    for model, name in PUBLISHING.items():
        kind = ContentType.objects.get_by_natural_key("clinics", model)
        Permission.objects.get_or_create(codename=f"publish_{model}", content_type=kind, defaults={"name": name})


def _permissions(actions: dict[str, tuple[str, ...]]) -> list[Permission]:
    wanted = Q(pk__in=[])
    for action, models in actions.items():
        wanted |= Q(codename__in=[f"{action}_{model}" for model in models])
    return list(Permission.objects.filter(wanted, content_type__app_label__in=("clinics", "auth")))
