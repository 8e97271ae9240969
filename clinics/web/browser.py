"""Reading a page whose text only its scripts make: the system's Chromium, behind the checking proxy."""

import time
from dataclasses import dataclass, field

from clinics.domain.outcome import Outcome
from clinics.web.checking_proxy import CheckingProxy
from clinics.web.chromium import BrowserFault, Chromium
from clinics.web.devtools import BrowserGone, Devtools, NotDone, OutOfTime, TooMuch
from clinics.web.errand import Reply
from clinics.web.limits import Limits
from clinics.web.policy import Policy
from clinics.web.resolve import Resolve
from clinics.web.shown_page import Patience, Replaced, ShownPage
from clinics.web.sight import Sight
from clinics.web.trouble import Trouble

SECONDS = 25.0
"""That one look takes at the longest, from the browser's start to its end."""

DOES_NOT_BEGIN = (
    "This machine's Chromium does not begin. Try as the worker's user: chromium --headless --dump-dom about:blank. "
    "Where it finds no sandbox, allow user namespaces or install chromium-sandbox (BROWSER_SANDBOX=False goes without)."
)
_TO_BEGIN = 10.0  # seconds
_GRACE = 3.0  # seconds after which a browser that heeds nothing is killed
_BASE64 = 4 / 3
_LARGEST_PICTURE = 12_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Browser:
    """Looks at pages, each in a browser of its own that is begun for it and ended after it."""

    chromium: Chromium
    policy: Policy
    limits: Limits
    user_agent: str
    resolve: Resolve
    patience: Patience = field(default_factory=Patience)
    seconds: float = SECONDS
    most_bytes: int = 30_000_000  # that all of a page's requests together may bring

    def look(self, url: str, reply: Reply, seconds: float) -> Sight:
        """Show the document that the server gave for this judged URL, and say what is seen, within `seconds`.

        Raises Trouble for what the page does, BrowserFault where this machine's browser cannot be used.
        """
        allowed = min(seconds, self.seconds)
        deadline = time.monotonic() + allowed
        longest = int(max(_LARGEST_PICTURE, self.limits.max_bytes * 2) * _BASE64)
        proxy = CheckingProxy(
            self.policy,
            self.resolve,
            seconds=allowed,
            max_bytes=self.most_bytes,
            connect_seconds=self.limits.connect_seconds,
        )
        with (
            proxy,
            self.chromium.begun(proxy.port, self.user_agent, seconds=allowed + _GRACE, longest=longest) as devtools,
        ):
            _await(devtools, min(deadline, time.monotonic() + _TO_BEGIN))
            page = ShownPage(devtools, url, reply, self.policy, proxy.expect, self.patience, deadline)
            return self._bounded(_shown(page))

    def _bounded(self, sight: Sight) -> Sight:
        if len(sight.document) > self.limits.max_bytes:
            raise Trouble(Outcome.TOO_LARGE, "The page that its scripts make is larger than a page may be.")
        return sight


def _await(devtools: Devtools, deadline: float) -> None:
    try:
        devtools.call("Browser.getVersion", deadline=deadline)
    except (BrowserGone, OutOfTime) as fault:
        raise BrowserFault(DOES_NOT_BEGIN) from fault


def _shown(page: ShownPage) -> Sight:
    try:
        return page.show()
    except TooMuch as fault:
        raise Trouble(Outcome.TOO_LARGE, str(fault)) from fault
    except OutOfTime as fault:
        raise Trouble(Outcome.ERROR, "The page's scripts did not come to rest in time.") from fault
    except Replaced as fault:
        raise Trouble(Outcome.ERROR, "The page's scripts lead to an address that browsers do not open.") from fault
    except (BrowserGone, NotDone) as fault:
        raise Trouble(Outcome.ERROR, "The browser broke down over the page.") from fault
