"""Roles, as groups: who may do what at the staff's desk."""

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

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
    Group.objects.bulk_create([Group(name=name) for name in ROLES], ignore_conflicts=True)
    groups = dict(Group.objects.filter(name__in=ROLES).values_list("name", "pk"))
    wanted = _wanted(groups)
    rows = Group.permissions.through.objects.filter(group__in=groups.values())
    held = {(row.group_id, row.permission_id): row.pk for row in rows}
    rows.filter(pk__in=[pk for pair, pk in held.items() if pair not in wanted]).delete()
    missing = sorted(wanted - held.keys())
    made = [rows.model(group_id=group, permission_id=permission) for group, permission in missing]
    rows.bulk_create(made, ignore_conflicts=True)
    return list(ROLES)


def _make_publishing_permissions() -> None:
    """Django makes the permissions to add, change, delete and view by itself; publishing is ours."""
    kinds = {model: ContentType.objects.get_by_natural_key("clinics", model) for model in PUBLISHING}
    made = [
        Permission(codename=f"publish_{model}", content_type=kinds[model], name=name)
        for model, name in PUBLISHING.items()
    ]
    Permission.objects.bulk_create(made, ignore_conflicts=True)


def _wanted(groups: dict[str, int]) -> set[tuple[int, int]]:
    """The pairs of a group and a permission that the roles are made of."""
    known = Permission.objects.filter(content_type__app_label__in=("clinics", "auth"))
    found = list(known.values_list("content_type__app_label", "codename", "pk"))
    views = {pk for label, codename, pk in found if label == "clinics" and codename.startswith("view_")}
    wanted = set()
    for name, actions in ROLES.items():
        names = {f"{action}_{model}" for action, models in actions.items() for model in models}
        may = views | {pk for _, codename, pk in found if codename in names}
        wanted |= {(groups[name], pk) for pk in may}
    return wanted
