"""How this installation goes out to strangers: by which address policy, and under which name."""

from django.conf import settings

from clinics.operations.refusal import Refusal
from clinics.web.chromium import BrowserFault, Chromium, find_chromium
from clinics.web.policy import Policy, parse_test_servers


def address_policy() -> Policy:
    """Where we go: public web addresses, and names that a test server on this machine plays."""
    return Policy(test_servers=parse_test_servers(settings.FETCH_TEST_SERVERS))


def user_agent() -> str:
    """Who we say we are, with where to complain."""
    return f"ClinicDirectoryReader/1.0 (+{settings.FETCH_CONTACT})"


def browser_enabled() -> bool:
    """Whether this installation opens pages in a browser."""
    return bool(settings.BROWSER_ENABLED)


def this_browser() -> Chromium:
    """This machine's browser. Raises Refusal where there is none."""
    try:
        return Chromium(find_chromium(), sandbox=settings.BROWSER_SANDBOX)
    except BrowserFault as fault:
        raise Refusal(str(fault)) from None
