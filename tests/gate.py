"""The gate that stands outside the code under test: no connection to anything but this machine's own loopback.

Python's sockets are watched by an audit hook, which nothing can take away again; libcurl opens its sockets through a
callback, which is wrapped. `tests/children/sitecustomize.py` puts the same gate into every Python child.
"""

import ipaddress
import os
import sys
from pathlib import Path
from typing import Any

EVENTS = {"socket.connect", "socket.sendto", "socket.sendmsg"}
CHILDREN = Path(__file__).with_name("children")


class OutsideAddress(RuntimeError):
    """A test tried to reach an address that is not this machine's loopback."""


def is_inside(address: object) -> bool:
    """Whether a socket address is loopback or a unix socket."""
    if not isinstance(address, tuple):
        return True  # a unix socket's path, or no address at all
    host = str(address[0]).partition("%")[0]
    if host in ("localhost", ""):
        return True
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        return False
    return ip.is_loopback


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event in EVENTS and not is_inside(arguments[1]):
        raise OutsideAddress(f"a test tried to reach {arguments[1]!r}")


def _gated(callback: Any) -> Any:
    def open_socket(purpose: int, address: Any) -> Any:
        if not is_inside(address.addr):
            raise OutsideAddress(f"a test tried to reach {address.addr!r}")
        return callback(purpose, address)

    return open_socket


def _gate_libcurl() -> None:
    import pycurl

    class Gated(pycurl.Curl):
        def setopt(self, option: int, value: Any) -> None:
            if option == pycurl.OPENSOCKETFUNCTION and callable(value):
                value = _gated(value)
            super().setopt(option, value)

    pycurl.Curl = Gated


def install() -> None:
    """Close the gate in this process, and in every Python process that it starts."""
    sys.addaudithook(_watch)
    _gate_libcurl()
    path = os.environ.get("PYTHONPATH", "")
    if str(CHILDREN) not in path.split(os.pathsep):
        os.environ["PYTHONPATH"] = os.pathsep.join(part for part in (str(CHILDREN), path) if part)
