import pytest
from django.core.exceptions import ImproperlyConfigured

from clinics.operations.configuration import check_configuration


@pytest.mark.parametrize("servers", ["", "*.test=127.0.0.1:8123", "a.example=127.0.0.1:1,*.test=[::1]:2"])
def test_test_servers_on_loopback_are_accepted(settings, servers):
    settings.FETCH_TEST_SERVERS = servers
    check_configuration()


@pytest.mark.parametrize("servers", ["*.test=10.0.0.7:80", "*.test", "*.test=127.0.0.1", "*.test=example.com:80", "=,"])
def test_others_stop_the_start_and_are_named(settings, servers):
    settings.FETCH_TEST_SERVERS = servers
    with pytest.raises(ImproperlyConfigured, match="FETCH_TEST_SERVERS"):
        check_configuration()
