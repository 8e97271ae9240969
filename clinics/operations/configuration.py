"""Settings that only the rooms can judge, judged once at the start."""

from django.conf import settings
from django.core.checks import CheckMessage, Warning
from django.core.exceptions import ImproperlyConfigured

from clinics.evidence.stamp_fault import StampFault
from clinics.operations.connectors import parse_connectors
from clinics.operations.stamping import trusted_authorities
from clinics.web.policy import parse_test_servers


def check_configuration() -> None:
    """Refuse to start with settings that the rooms cannot follow. Raises ImproperlyConfigured."""
    try:
        parse_test_servers(settings.FETCH_TEST_SERVERS)
        parse_connectors(settings.REGISTRY_CONNECTORS)
    except ValueError as fault:
        raise ImproperlyConfigured(str(fault)) from None
    try:
        trusted = trusted_authorities()
    except StampFault as fault:
        raise ImproperlyConfigured(f"TIMESTAMP_ROOTS: {fault}") from None
    if settings.TIMESTAMP_URL and not trusted:
        raise ImproperlyConfigured("TIMESTAMP_URL needs TIMESTAMP_ROOTS, a file with the certificates to trust (PEM).")
    if settings.PUBLISHER_CONTACT and not settings.PUBLISHER_NAME:
        raise ImproperlyConfigured("PUBLISHER_CONTACT needs PUBLISHER_NAME: say in words who can be reached there.")


def publisher_warnings() -> list[CheckMessage]:
    """That the public pages do not say who publishes them, or how to write to them; nothing of a demonstration's."""
    if settings.DEMONSTRATION or (settings.PUBLISHER_NAME and settings.PUBLISHER_CONTACT):
        return []
    if not settings.PUBLISHER_NAME:
        said = "No public page says who publishes this directory, or how to write to them."
        return [Warning(said, hint="Set PUBLISHER_NAME and PUBLISHER_CONTACT.", id="clinics.W001")]
    said = "The public pages name their publisher, and no way to write to them."
    return [Warning(said, hint="Set PUBLISHER_CONTACT to an e-mail or an https address.", id="clinics.W002")]
