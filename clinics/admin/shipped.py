"""Reference data that comes with the product: what an upgrade proposes is shown beside staff's own form."""

from django.contrib import admin

from clinics.admin.desk import DeskAdmin
from clinics.admin.steps import Step
from clinics.models.shipped import FollowsShipped
from clinics.operations import shipped


def proposal_steps(permission: str) -> tuple[Step, ...]:
    """The buttons that take a newer shipped form, or keep staff's own."""

    def step(name: str, label: str, perform: object, done: str) -> Step:
        return Step(
            name=name,
            label=label,
            perform=lambda row, answers, by, now: perform(row, by=by),
            offered=lambda row: row.proposal is not None,
            done=done,
            permission=permission,
        )

    return (
        step("take", "Take the newer shipped form", shipped.take_proposal, "Taken."),
        step("keep", "Keep our own form", shipped.drop_proposal, "Kept."),
    )


class ShippedAdmin(DeskAdmin):
    """Rows that staff edit and that upgrades never overwrite."""

    @admin.display(description="newer form", boolean=True)
    def has_proposal(self, row: FollowsShipped) -> bool:
        """Whether an upgrade brought a newer form that nobody has taken or dropped."""
        return row.proposal is not None

    @admin.display(description="newer shipped form")
    def proposed(self, row: FollowsShipped) -> str:
        """What the newer form says where it differs."""
        if row.proposal is None:
            return "none"
        now = row.facts()
        return "\n".join(f"{name}: {value}" for name, value in row.proposal.items() if now.get(name) != value)
