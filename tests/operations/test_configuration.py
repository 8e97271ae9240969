import pytest
from django.core.exceptions import ImproperlyConfigured

from clinics.operations.configuration import check_configuration, publisher_warnings


@pytest.mark.parametrize("servers", ["", "*.test=127.0.0.1:8123", "a.example=127.0.0.1:1,*.test=[::1]:2"])
def test_test_servers_on_loopback_are_accepted(settings, servers):
    settings.FETCH_TEST_SERVERS = servers
    check_configuration()


@pytest.mark.parametrize("servers", ["*.test=10.0.0.7:80", "*.test", "*.test=127.0.0.1", "*.test=example.com:80", "=,"])
def test_others_stop_the_start_and_are_named(settings, servers):
    settings.FETCH_TEST_SERVERS = servers
    with pytest.raises(ImproperlyConfigured, match="FETCH_TEST_SERVERS"):
        check_configuration()


def test_an_address_without_a_name_stops_the_start(settings):
    settings.PUBLISHER_NAME, settings.PUBLISHER_CONTACT = "", "desk@house.example"
    with pytest.raises(ImproperlyConfigured, match="PUBLISHER_NAME"):
        check_configuration()


@pytest.mark.parametrize(
    ("name", "contact", "lacking"),
    [("", "", "PUBLISHER_NAME"), ("A House", "", "PUBLISHER_CONTACT"), ("A House", "desk@house.example", "")],
)
def test_operators_are_told_plainly_that_nobody_stands_behind_their_pages(settings, name, contact, lacking):
    settings.PUBLISHER_NAME, settings.PUBLISHER_CONTACT, settings.DEMONSTRATION = name, contact, False
    check_configuration()
    told = "".join(f"{warning.msg} {warning.hint}" for warning in publisher_warnings())
    assert bool(told) is bool(lacking)
    assert lacking in told


def test_a_demonstration_needs_no_publisher(settings):
    settings.PUBLISHER_NAME, settings.PUBLISHER_CONTACT, settings.DEMONSTRATION = "", "", True
    assert publisher_warnings() == []
