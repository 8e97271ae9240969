"""The JSON interface answers as its schema says, whatever is asked of it."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import negative_data_rejection, positive_data_acceptance

from tests.build import a_published_action
from tests.published import rows

EXAMPLES = 60
# The schema calls a condition a string; which strings there are is data, and an unknown one is refused with a message.
VOCABULARY_IS_DATA = positive_data_acceptance
# An empty list or object is sent as "page=", which is a field left empty and no longer wrong.
WRONG_IS_REFUSED = negative_data_rejection


def leaves_a_field_empty(address: str) -> bool:
    """Whether the address, as it was sent, names a parameter and gives it no value."""
    return any(not value for _, value in parse_qsl(urlsplit(address).query, keep_blank_values=True))


@pytest.fixture
def one_connection(db: None) -> Iterator[None]:
    """The test's transaction outlives each request, as Django's own test client sees to."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.fixture
def interface(one_connection: None) -> Any:
    """The schema as the running site gives it, over a clinic with something of everything."""
    rows.the_vocabulary()
    clinic = rows.a_clinic("Palm Court")
    rows.a_location(clinic)
    rows.a_treatment(clinic, condition="knee_arthritis")
    rows.a_claim(clinic, "We end your suffering.")
    rows.a_claim(clinic, "Withdrawn.", state="withdrawn")
    rows.a_check(clinic)
    rows.a_practitioner(clinic, "Dr. Vale")
    a_published_action(clinic)
    return schemathesis.openapi.from_wsgi("/api/v1/schema/", get_wsgi_application())


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_every_answer_is_as_the_schema_says(interface: Any) -> None:
    operations = [found.ok() for found in interface.get_all_operations()]
    assert {operation.path for operation in operations} > {"/api/v1/clinics/", "/api/v1/facets/"}
    for operation in operations:

        @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy() | operation.as_strategy(GenerationMode.NEGATIVE))
        def holds(case: Case) -> None:
            response = case.call()
            empty = [WRONG_IS_REFUSED] if leaves_a_field_empty(response.request.url) else []
            case.validate_response(response, excluded_checks=[VOCABULARY_IS_DATA, *empty])

        holds()
