"""Which registers this installation asks by itself, once a person has pressed the button."""

from collections.abc import Sequence
from difflib import get_close_matches

from django.conf import settings

from clinics.domain.registers import registers_for
from clinics.web.registries import REGISTRIES
from clinics.web.registries.registry import Registry


def parse_connectors(names: Sequence[str]) -> tuple[str, ...]:
    """Read REGISTRY_CONNECTORS. Raises ValueError naming the nearest connector for a name that is none."""
    for name in names:
        if name not in REGISTRIES:
            near = get_close_matches(name, REGISTRIES, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise ValueError(f"REGISTRY_CONNECTORS: {name!r} is none of {', '.join(REGISTRIES)}.{hint}")
    return tuple(dict.fromkeys(names))


def switched_on() -> tuple[str, ...]:
    """The connectors that the configuration names."""
    return parse_connectors(settings.REGISTRY_CONNECTORS)


def connector_for(kind: str, identifier: str) -> Registry | None:
    """The connector that can say something about this kind and number; None where it is off, or there is none."""
    names = [register.connector for register in registers_for(kind, identifier) if register.connector]
    return next((REGISTRIES[name] for name in names if name in switched_on()), None)
