"""The parameters of a list, as people copy them out of an address."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from urllib.parse import parse_qsl, urlencode

LONGEST: Final = 2000
MOST: Final = 100  # parameters: no list of ours has nearly as many
OF_THE_MOMENT: Final = frozenset({"p", "page", "all", "e", "saved", "_changelist_filters", "csrfmiddlewaretoken"})
"""Where one stood in a list, not what it showed."""


def kept(text: str) -> str:
    """What is worth keeping of an address or of the part after its question mark, written one way.

    Raises ValueError, with a sentence for the person, where it is no list of parameters or too long.
    """
    given = text.strip().partition("#")[0]
    query = given.partition("?")[2] if "?" in given else given
    if not query or ("=" not in query and "?" not in given and "/" in given):
        return ""  # the address of a list without filters
    try:
        pairs = parse_qsl(query, keep_blank_values=False, strict_parsing=True, max_num_fields=MOST)
    except ValueError:
        raise ValueError("These are not the filters of a list: paste its address, or what follows “?” in it.") from None
    written = urlencode([(name, value) for name, value in pairs if value and name not in OF_THE_MOMENT])
    if "\0" in query or "%00" in written:
        raise ValueError("Write plain text.")
    if len(written) > LONGEST:
        raise ValueError(f"These filters take {len(written):,} characters; at most {LONGEST:,} are kept.")
    return written


def overlaid(saved: Mapping[str, Sequence[str]], given: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Saved parameters with those given beside them: one that is given takes the place of the saved one."""
    both = {name: list(values) for name, values in saved.items()}
    both.update({name: list(values) for name, values in given.items()})
    return both


def unknown(names: Collection[str], known: Collection[str]) -> list[str]:
    """The names that a list does not know, in their order."""
    return sorted(set(names) - set(known))
