"""Looking up a name. The only look-up there is: what it answers is judged, and then connected to."""

import socket
from collections.abc import Callable, Sequence

Resolve = Callable[[str, int], Sequence[str]]
"""Host name and port to literal IP addresses; raises OSError where the name has none. May block."""


def system_resolve(host: str, port: int) -> Sequence[str]:
    """The addresses that this machine's resolver knows for a name, in its order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]
