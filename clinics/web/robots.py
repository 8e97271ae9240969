"""What a host's robots.txt allows (RFC 9309), read with Protego."""

import re
from dataclasses import dataclass
from typing import Final

from protego import Protego

from clinics.web.guest import StoredRobots

ROBOTS_BYTES: Final = 500 * 1024  # RFC 9309 section 2.5
ROBOTS_REDIRECTS: Final = 5  # RFC 9309 section 2.3.1.2

_AGENT_LINE: Final = re.compile(r"[^\S\n]*user[- ]?agent\b[^\S\n]*:?[^\S\n]*([^\n#]*)", re.IGNORECASE)
_PRODUCT: Final = re.compile(r"[^a-z_-]")  # what ends a product token (RFC 9309 section 2.2.1)
_SOMEBODY_ELSE: Final = "user-agent: somebody-else"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a URL may be read, the word that a check keeps for it, and a sentence where it may not."""

    allowed: bool
    word: str
    reason: str = ""


class RobotsRules:
    """One host's rules, for one user agent."""

    def __init__(self, stored: StoredRobots, user_agent: str) -> None:
        self._stored = stored
        self._token = user_agent.split("/", 1)[0].strip()
        self._rules = Protego.parse(_for_us(stored.text, self._token)) if 200 <= stored.status < 300 else None

    def judge(self, url: str) -> Verdict:
        """Whether this URL of the host may be read."""
        if self._stored.unreachable:
            return Verdict(False, "unreachable", _unreachable(self._stored.status))
        if self._rules is None:
            return Verdict(True, "none")
        if self._rules.can_fetch(url, self._token):
            return Verdict(True, "allowed")
        return Verdict(False, "denied", "The site's robots.txt asks not to read this page.")

    @property
    def crawl_delay(self) -> float:
        """Seconds between two requests that the host asks for; 0 where it doesn't say."""
        return (self._rules.crawl_delay(self._token) or 0.0) if self._rules else 0.0


def _unreachable(status: int) -> str:
    what = f"was answered with status {status}" if status else "could not be read"
    return f"The site's robots.txt {what}, so nothing is read there for now."


def _for_us(text: str, token: str) -> str:
    """The file with all other agents' names folded into one: thousands of names times thousands of rules is a bomb."""
    return "\n".join(_agent_folded(line, token.lower()) for line in text.replace("\0", "").splitlines())


def _agent_folded(line: str, token: str) -> str:
    found = _AGENT_LINE.match(line)
    if not found:
        return line
    name = found[1].strip().lower()
    if _PRODUCT.split(name, 1)[0] == token:  # also with a version behind it, as it stands in servers' logs
        return f"user-agent: {token}"
    ours = name == "*" or (name.strip("*") and name.replace("*", "") in token)
    return line if ours else _SOMEBODY_ELSE
