"""The one place where a socket to a stranger is made."""

import socket


def open_socket(family: int, kind: int, protocol: int, address: tuple[str, int]) -> socket.socket:
    """A fresh, unconnected socket for `address` (literal IP and port), which was judged before.

    The tests' network gate stands in for this function; every connection that libcurl makes passes here.
    """
    return socket.socket(family, kind, protocol)
