"""Who gets through at which address of the desk, and by which method: the table that tests/admin/test_access.py plays.

A role that is not named gets 403. GET never writes. What has no POST here writes nothing when it is posted to.
"""

from dataclasses import dataclass

NOBODY: frozenset[str] = frozenset()
ADMINISTRATOR = frozenset({"administrator"})
SIGNERS = frozenset({"publisher", "administrator"})
DECIDERS = frozenset({"reviewer", "publisher", "administrator"})
ENTRY = frozenset({"recorder", "reviewer", "publisher", "administrator"})
EVERYBODY = frozenset({"recorder", "reviewer", "publisher", "auditor", "administrator"})
ACCOUNTS = frozenset({"auditor", "administrator"})


NOTHING_THERE = ("clinics_screenshot_picture", "desk_figures_data", "digest_unsubscribe", "view_on_site")
"""Addresses that answer 404 to those who get through: no picture was taken, no chart or mail has that name, no row has
a public address of its own."""


OWN_ROWS = ("digest", "savedfilter")
"""Rows that one changes oneself alone: the table speaks of another person's, of which some are not even there."""


@dataclass(frozen=True, slots=True)
class May:
    """The roles that get through by GET and by POST; None where the address does not take the method."""

    get: frozenset[str] | None = None
    post: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Stock:
    """The stock addresses of a model: list, page, history are read by `read`."""

    add: frozenset[str] = NOBODY
    change: frozenset[str] = NOBODY
    delete: frozenset[str] = NOBODY
    read: frozenset[str] = EVERYBODY


STOCK = {
    "auth_group": Stock(add=ADMINISTRATOR, change=ADMINISTRATOR, read=ACCOUNTS),
    "auth_user": Stock(add=ADMINISTRATOR, change=ADMINISTRATOR, read=ACCOUNTS),
    "clinics_answerpoint": Stock(),
    "clinics_approvedproduct": Stock(add=ADMINISTRATOR, change=ADMINISTRATOR),
    "clinics_claim": Stock(add=ENTRY, change=ENTRY),
    "clinics_clinic": Stock(add=ENTRY, change=ENTRY),
    "clinics_clinicimport": Stock(add=ENTRY),
    "clinics_correction": Stock(),
    "clinics_credentialcheck": Stock(add=ENTRY, change=ENTRY),
    "clinics_decision": Stock(),
    "clinics_delivery": Stock(),
    "clinics_digest": Stock(add=ENTRY),  # one's own are changed by oneself alone; these are another person's
    "clinics_flag": Stock(change=DECIDERS),
    "clinics_host": Stock(change=ADMINISTRATOR),
    "clinics_ignorerule": Stock(add=DECIDERS, change=DECIDERS),
    "clinics_job": Stock(),
    "clinics_legalhold": Stock(add=SIGNERS, change=SIGNERS),
    "clinics_mergerecord": Stock(),
    "clinics_officialaction": Stock(add=ENTRY, change=ENTRY),
    "clinics_organisation": Stock(add=ENTRY, change=ENTRY),
    "clinics_page": Stock(change=ENTRY),
    "clinics_pageproposal": Stock(),
    "clinics_practitioner": Stock(add=ENTRY, change=ENTRY),
    "clinics_question": Stock(add=ENTRY, change=ENTRY),
    "clinics_registerlookup": Stock(add=ENTRY),
    "clinics_rule": Stock(add=ADMINISTRATOR, change=ADMINISTRATOR),
    "clinics_savedfilter": Stock(add=ENTRY),  # as digests
    "clinics_screenshot": Stock(),
    "clinics_seal": Stock(),
    "clinics_snapshot": Stock(),
    "clinics_standingdecision": Stock(),
    "clinics_stateregime": Stock(add=ADMINISTRATOR, change=ADMINISTRATOR),
    "clinics_term": Stock(add=ADMINISTRATOR, change=ADMINISTRATOR),
    "clinics_toldapart": Stock(),
    "clinics_tombstone": Stock(),
}

OF_THE_SITE = {
    "app_list": May(get=EVERYBODY),
    "auth_user_password_change": May(get=ADMINISTRATOR, post=ADMINISTRATOR),
    "autocomplete": May(get=EVERYBODY),
    "index": May(get=EVERYBODY),
    "jsi18n": May(get=EVERYBODY),
    "login": May(get=EVERYBODY, post=EVERYBODY),
    "logout": May(post=EVERYBODY),
    "password_change": May(get=EVERYBODY, post=EVERYBODY),
    "password_change_done": May(get=EVERYBODY),
    "view_on_site": May(get=EVERYBODY),
}

OURS = {
    "clinics_claim_export": May(get=EVERYBODY),
    "clinics_claim_pack": May(get=EVERYBODY),
    "clinics_clinic_apart": May(post=ENTRY),
    "clinics_clinic_capture": May(get=ENTRY, post=ENTRY),
    "clinics_clinic_duplicates": May(get=EVERYBODY),
    "clinics_clinic_export": May(get=EVERYBODY),
    "clinics_clinic_likely": May(get=EVERYBODY),
    "clinics_clinic_merge": May(get=DECIDERS, post=DECIDERS),
    "clinics_clinic_mine": May(get=EVERYBODY),
    "clinics_clinic_proposals": May(post=ENTRY),
    "clinics_clinicimport_errors": May(get=EVERYBODY),
    "clinics_claim_setback": May(get=ENTRY, post=ENTRY),
    "clinics_clinic_setback": May(get=ENTRY, post=ENTRY),
    "clinics_organisation_setback": May(get=ENTRY, post=ENTRY),
    "clinics_practitioner_setback": May(get=ENTRY, post=ENTRY),
    "clinics_credentialcheck_export": May(get=EVERYBODY),
    "clinics_flag_assign": May(post=DECIDERS),
    "clinics_flag_cluster": May(get=EVERYBODY, post=DECIDERS),
    "clinics_flag_clusters": May(get=EVERYBODY),
    "clinics_flag_comment": May(post=DECIDERS),
    "clinics_flag_dossier": May(get=EVERYBODY, post=DECIDERS),
    "clinics_flag_dossiers": May(get=EVERYBODY),
    "clinics_flag_export": May(get=EVERYBODY),
    "clinics_flag_undo": May(post=DECIDERS),
    "clinics_officialaction_export": May(get=EVERYBODY),
    "clinics_officialaction_letters": May(get=ENTRY, post=ENTRY),
    "clinics_savedfilter_open": May(get=EVERYBODY),
    "desk_figures": May(get=EVERYBODY),
    "desk_figures_data": May(get=EVERYBODY),
    "digest_unsubscribe": May(get=EVERYBODY, post=EVERYBODY),  # by a link in a mail, which nobody here has
    "clinics_rule_apply": May(post=ADMINISTRATOR),
    "clinics_screenshot_picture": May(get=EVERYBODY),
}

STEPS = {
    "answerpoint": {"decide": DECIDERS, "disputed": SIGNERS, "read": DECIDERS},
    "approvedproduct": {"take": ADMINISTRATOR, "keep": ADMINISTRATOR},
    "claim": {
        "invite": ENTRY,
        "waive": ENTRY,
        "sign": SIGNERS,
        "second": SIGNERS,
        "take-back": SIGNERS,
        "hold": SIGNERS,
        "release": SIGNERS,
        "withdraw": SIGNERS,
        "names": ENTRY,
        "public-names": SIGNERS,
        "ask-counsel": ENTRY,
        "counsel": SIGNERS,
        "no-counsel": SIGNERS,
        "reply": ENTRY,
        "publish-reply": SIGNERS,
        "reply-away": SIGNERS,
    },
    "clinic": dict.fromkeys(("list", "read", "hold", "close", "not_offering", "delist", "draft"), ENTRY),
    "clinicimport": dict.fromkeys(("confirm", "check", "stop"), ENTRY),
    "correction": {
        **dict.fromkeys(("take", "decide", "confirm", "give_back", "call", "hand_on"), DECIDERS),
        "agree": SIGNERS,
    },
    "credentialcheck": {
        "publish": SIGNERS,
        "again": ENTRY,
        "look_up": ENTRY,
        "unreachable": ENTRY,
        "correct": ENTRY,
    },
    "digest": {"end": NOBODY},
    "ignorerule": {"end": DECIDERS},
    "job": {"cancel": DECIDERS},
    "legalhold": {"release": SIGNERS},
    "mergerecord": {"undo": DECIDERS},
    "officialaction": {
        "match": ENTRY,
        "another": ENTRY,
        "sign": SIGNERS,
        "second": SIGNERS,
        "take-back": SIGNERS,
        "outcome": ENTRY,
        "confirm": SIGNERS,
        "hold": SIGNERS,
        "release": SIGNERS,
        "withdraw": SIGNERS,
    },
    "page": dict.fromkeys(("read", "by-browser", "as-sent", "accept"), ENTRY),
    "pageproposal": {"accept": ENTRY, "decline": ENTRY},
    "question": {"publish": SIGNERS, "withdraw": SIGNERS},
    "registerlookup": {"confirm": ENTRY, "decline": ENTRY},
    "rule": {"take": ADMINISTRATOR, "keep": ADMINISTRATOR},
    "standingdecision": {"agree": DECIDERS, "end": DECIDERS},
    "stateregime": {"take": ADMINISTRATOR, "keep": ADMINISTRATOR},
}

ACTIONS = {
    "claim": {
        "export_as_csv": EVERYBODY,
        "export_as_workbook": EVERYBODY,
        "invite_selected": ENTRY,
        "waive_selected": ENTRY,
        "sign_selected": SIGNERS,
    },
    "clinic": {"export_as_csv": EVERYBODY, "export_as_workbook": EVERYBODY},
    "credentialcheck": {"export_as_csv": EVERYBODY, "export_as_workbook": EVERYBODY},
    "flag": {"dismiss_selected": DECIDERS, "export_as_csv": EVERYBODY, "export_as_workbook": EVERYBODY},
    "officialaction": {"export_as_csv": EVERYBODY, "export_as_workbook": EVERYBODY},
    "pageproposal": {"accept_selected": ENTRY, "decline_selected": ENTRY},
}
