"""Settings that only the rooms can judge, judged once at the start."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from clinics.operations.connectors import parse_connectors
from clinics.web.policy import parse_test_servers


def check_configuration() -> None:
    """Refuse to start with a setting that cannot be followed. Raises ImproperlyConfigured."""
    try:
        parse_test_servers(settings.FETCH_TEST_SERVERS)
        parse_connectors(settings.REGISTRY_CONNECTORS)
    except ValueError as fault:
        raise ImproperlyConfigured(str(fault)) from None
