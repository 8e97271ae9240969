"""The steps by which a clinic enters and leaves the public directory."""

from typing import Final

from clinics.admin.steps import ReasonForm, Step
from clinics.models import Clinic
from clinics.operations import recording, standing

Status = Clinic.Status
CHANGE: Final = "clinics.change_clinic"
PUBLIC: Final = (Status.LISTED, Status.HELD, Status.NOT_OFFERING, Status.CLOSED)

CLINIC_STEPS: Final = (
    Step(
        name="list",
        label="List in the public directory",
        perform=lambda clinic, answers, by, now: standing.list_clinic(clinic, by=by, now=now),
        offered=lambda clinic: clinic.status not in (Status.LISTED, Status.MERGED),
        done="Listed: the public sees its published claims and checks.",
        permission=CHANGE,
    ),
    Step(
        name="read",
        label="Read its pages again now",
        perform=lambda clinic, answers, by, now: recording.read_again(clinic, by=by, now=now),
        offered=lambda clinic: clinic.status != Status.MERGED,
        done="Its pages are due now; a worker reads them within a minute or two.",
        permission=CHANGE,
    ),
    Step(
        name="hold",
        label="Hold",
        perform=lambda clinic, answers, by, now: standing.hold_clinic(clinic, answers["reason"], by=by, now=now),
        offered=lambda clinic: clinic.status not in (Status.HELD, Status.DRAFT, Status.MERGED),
        done="Held: not public until it is listed again.",
        permission=CHANGE,
        form=ReasonForm,
    ),
    Step(
        name="close",
        label="Mark as reported closed",
        perform=lambda clinic, answers, by, now: standing.close_clinic(clinic, by=by, now=now),
        offered=lambda clinic: clinic.status in PUBLIC and clinic.status != Status.CLOSED,
        done="Marked as reported closed.",
        permission=CHANGE,
    ),
    Step(
        name="not_offering",
        label="Mark as not offering such treatment",
        perform=lambda clinic, answers, by, now: standing.mark_not_offering(clinic, by=by, now=now),
        offered=lambda clinic: clinic.status in PUBLIC and clinic.status != Status.NOT_OFFERING,
        done="Marked as not offering regenerative treatment on the pages read.",
        permission=CHANGE,
    ),
    Step(
        name="delist",
        label="Remove from the directory",
        perform=lambda clinic, answers, by, now: standing.delist_clinic(clinic, answers["reason"], by=by, now=now),
        offered=lambda clinic: clinic.status not in (Status.DRAFT, Status.DELISTED, Status.MERGED),
        done="Removed; its public address says so, with the reason.",
        permission=CHANGE,
        form=ReasonForm,
    ),
    Step(
        name="draft",
        label="Back to draft",
        perform=lambda clinic, answers, by, now: standing.back_to_draft(clinic, by=by, now=now),
        offered=lambda clinic: clinic.status == Status.HELD,
        done="A draft again: not public.",
        permission=CHANGE,
    ),
)
