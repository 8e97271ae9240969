"""A rehearsal in words and tables, for the page of its job."""

from typing import Any

from clinics.models import Flag, Job, Rule
from clinics.operations.rehearsal import BEARING, SAMPLES

EFFECTS = {
    "gained": "get a finding of this rule",
    "lost": "are found by no rule any more; they stay, with what was decided",
    "graver": "are rated graver; dismissed ones open again",
}


def rehearsal_facts(job: Job) -> dict[str, Any]:
    """What was proposed, and what it came to so far; no numbers before a worker has begun."""
    result = job.result
    return {
        "key": job.parameters["key"],
        "rule": Rule.objects.filter(key=job.parameters["key"]).first(),
        "differences": _differences(job.parameters),
        "is_whole": job.state == Job.State.DONE,
        "numbers": _numbers(job) if result else [],
        "states": [state.value for state in Flag.State],
        "effects": _effects(result["flags"]) if result else [],
        "added": result["samples"]["added"] if result else [],
        "removed": result["samples"]["removed"] if result else [],
        "most": SAMPLES,
    }


def _differences(parameters: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Name, present and proposed form of all that bears on matching and would change."""
    present, proposed = parameters["present"] or {}, parameters["proposed"]
    pairs = [(name, present.get(name), proposed[name]) for name in BEARING]
    return [(name, _told(name, old), _told(name, new)) for name, old, new in pairs if old != new]


def _told(name: str, value: Any) -> str:
    if value is None or value == []:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "severity":
        return str(dict(Rule._meta.get_field("severity").choices)[value])
    return "\n".join(value) if isinstance(value, list) else str(value)


def _numbers(job: Job) -> list[tuple[str, int]]:
    numbers = job.result["numbers"]
    return [
        ("stored texts read (a text of two clinics, for each)", job.done),
        ("wordings that the rule would newly flag", numbers["added"]),
        ("new flags (no active rule flags the wording of that clinic today)", numbers["new_flags"]),
        ("wordings that it would not flag any more", numbers["removed"]),
        ("wordings that it flags today and as proposed", numbers["kept"]),
        ("clinics of which anything would change", numbers["clinics"]),
    ]


def _effects(flags: dict[str, dict[str, int]]) -> list[tuple[str, list[int]]]:
    """What would happen to flags that there are already: for each effect the numbers by the flags' state."""
    return [(told, [flags[name].get(state.value, 0) for state in Flag.State]) for name, told in EFFECTS.items()]
