"""Settings that only the rooms can judge, judged once at the start."""

from django.conf import settings
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
