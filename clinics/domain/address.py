"""Which addresses may be visited: public web pages, and no way into private networks.

Sources: RFC 6890 and the IANA registries of special-purpose addresses (IPv4 and IPv6) and of special-use domain
names (RFC 6761, 7686, 9476), read 2026-11. The list stands beside Python's own because that one differs by patch
release: 3.11.7 calls 192.0.0.192 and 64:ff9b::7f00:1 global.
"""

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

import idna

_DENIED: Final = tuple(
    ip_network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        "168.63.129.16/32",  # the platform's own service on one provider's machines
        # within 2000::/3; whatever embeds an IPv4 address is refused and not decoded
        *("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"),
    )
)
_IPV6_PUBLIC: Final = ip_network("2000::/3")
_PORTS: Final = {"http": 80, "https": 443}
_PRIVATE_ENDINGS: Final = (
    *(".local", ".localhost", ".localdomain", ".internal", ".intranet", ".private", ".corp", ".home", ".lan"),
    *(".invalid", ".onion", ".arpa", ".alt", ".i2p"),
)
_NUMBER: Final = re.compile(r"0x[0-9a-f]*|\d+", re.IGNORECASE)
_LABEL: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_HOST_AND_PORT: Final = re.compile(r"[\w.-]+:\d+(?:[/?#]|\Z)")
_LONGEST: Final = 2048
_PATH_SAFE: Final = "/:@!$&'()*+,;=~-._%[]|"


class RefusedAddress(ValueError):
    """An address that is not visited; the message says why, and what to do, in a sentence for staff."""


def judge_url(url: str, ports: frozenset[int] | None = None) -> str:
    """The URL to fetch for an address as somebody typed it.

    White space around it is dropped and an international host name written in ASCII. `ports` are the ports allowed
    besides each scheme's own. Raises RefusedAddress.
    """
    text = url.strip()
    _judge_text(text)
    parts = _parsed(text)
    if parts.username is not None or parts.password is not None:
        raise RefusedAddress("This address carries a user name or password. Record it without the part before “@”.")
    host = _judge_host(parts.hostname or "")
    port = _judge_port(parts, ports or frozenset())
    path = quote(parts.path or "/", safe=_PATH_SAFE)
    return urlunsplit((parts.scheme, f"{host}{port}", path, quote(parts.query, safe=_PATH_SAFE + "?"), ""))


def _judge_text(text: str) -> None:
    if not text:
        raise RefusedAddress("No address was given. Copy it from the browser's address bar.")
    if len(text) > _LONGEST:
        raise RefusedAddress(f"This address is longer than {_LONGEST} characters. Record the page's short address.")
    if " " in text or not text.isprintable():
        raise RefusedAddress("This address has a space or an invisible character in it. Copy it again.")
    if "\\" in text:
        raise RefusedAddress("This address has a backslash (\\) in it. Web addresses use forward slashes (/).")


def _parsed(text: str) -> SplitResult:
    scheme = text.partition(":")[0].lower()
    if not _SCHEME.match(text) or _HOST_AND_PORT.match(text):
        raise RefusedAddress("This address does not begin with http:// or https://. Add it in front.")
    if scheme not in _PORTS:
        raise RefusedAddress(f"Addresses that begin with “{scheme}:” are not read. Record an http or https page.")
    try:
        return urlsplit(text)
    except ValueError as fault:
        raise RefusedAddress("This is not a well-formed web address. Copy it from the browser.") from fault


def _judge_port(parts: SplitResult, ports: frozenset[int]) -> str:
    try:
        port = parts.port
    except ValueError as fault:
        raise RefusedAddress("The port after the host name is not a number from 1 to 65535.") from fault
    own = _PORTS[parts.scheme]
    if port in (None, own):
        return ""
    if port in _PORTS.values() or port in ports:
        return f":{port}"
    raise RefusedAddress(f"Port {port} is not read, only the web's own ports 80 and 443. Record the public page.")


def _judge_host(host: str) -> str:
    """The host as it is to be asked for; raises RefusedAddress."""
    if not host:
        raise RefusedAddress("This address has no host name. It should look like https://clinic.example/page.")
    if ":" in host or "%" in host:
        return _judge_ipv6(host)
    name = _ascii(host).rstrip(".")
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return _judge_ipv4(host, name)
    if len(labels) < 2:
        raise RefusedAddress(f"“{host}” is a name within one network only. Record the page's full public address.")
    if name.endswith(_PRIVATE_ENDINGS):
        raise RefusedAddress(f"“{host}” is a name for private networks, not for the public web.")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise RefusedAddress(f"“{host}” is not a valid host name. Check its spelling.")
    return name


def _judge_ipv6(host: str) -> str:
    if not is_public(host):
        raise RefusedAddress(f"“{host}” is not an address on the public internet. Record the page by its name.")
    return f"[{host}]"


def _judge_ipv4(host: str, name: str) -> str:
    try:
        address = str(IPv4Address(name))
    except ValueError as fault:
        raise RefusedAddress(f"“{host}” is a number in an unusual form. Record the page by its name.") from fault
    if not is_public(address):
        raise RefusedAddress(f"“{host}” is not an address on the public internet. Record the page by its name.")
    return address


def _ascii(host: str) -> str:
    if host.isascii():
        return host.lower()
    try:
        return idna.encode(host, uts46=True).decode("ascii").lower()
    except idna.IDNAError as fault:
        raise RefusedAddress(f"“{host}” is not a valid host name. Check its spelling.") from fault


@lru_cache(maxsize=4096)
def is_public(address: str) -> bool:
    """Whether an IP address (no name, no unusual form) is one that anybody on the internet can reach."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address) and (ip.scope_id is not None or ip not in _IPV6_PUBLIC):
        return False
    if not ip.is_global or ip.is_multicast or ip.is_reserved:
        return False
    return not any(network.version == ip.version and ip in network for network in _DENIED)
