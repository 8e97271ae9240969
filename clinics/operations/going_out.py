"""How this installation goes out to strangers: by which address policy, and under which name."""

from django.conf import settings

from clinics.web.policy import Policy, parse_test_servers


def address_policy() -> Policy:
    """Where we go: public web addresses, and names that a test server on this machine plays."""
    return Policy(test_servers=parse_test_servers(settings.FETCH_TEST_SERVERS))


def user_agent() -> str:
    """Who we say we are, with where to complain."""
    return f"ClinicDirectoryReader/1.0 (+{settings.FETCH_CONTACT})"
