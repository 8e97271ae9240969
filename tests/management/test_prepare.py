import io
import json

import pytest
from django.core.management import call_command

from clinics.models import ApprovedProduct, Rule, StateRegime, Term

pytestmark = pytest.mark.django_db


def run():
    out = io.StringIO()
    call_command("prepare", stdout=out)
    return json.loads(out.getvalue())


def test_a_new_installation_has_words_rules_and_roles_and_a_second_run_adds_nothing():
    first = run()
    assert first["terms"] == Term.objects.count() > 0
    assert first["rules"]["added"] == Rule.objects.count() > 0
    assert first["products"]["added"] == ApprovedProduct.objects.count() > 0
    assert first["regimes"]["added"] == StateRegime.objects.count() > 0
    second = run()
    assert (second["terms"], second["months"]) == (0, [])
    for name, model in (("rules", Rule), ("products", ApprovedProduct), ("regimes", StateRegime)):
        assert second[name] == {"added": 0, "updated": 0, "proposed": 0, "unchanged": model.objects.count()}
