import threading

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection

from clinics.domain.approved import shipped_products
from clinics.domain.regimes import shipped_regimes
from clinics.domain.rule_files import shipped_page_rules, shipped_rules
from clinics.domain.vocabulary import load_vocabulary
from clinics.models import ApprovedProduct, Rule, StateRegime, Term
from clinics.operations.reference import prepare
from clinics.operations.roles import ensure_roles
from tests.build import NOW, a_user

pytestmark = pytest.mark.django_db


def test_what_staff_changed_in_a_word_stays():
    prepare(NOW)
    Term.objects.filter(pk="language:en").update(spanish="Inglés británico")
    assert prepare(NOW)["terms"] == 0
    assert Term.objects.get(pk="language:en").spanish == "Inglés británico"


def test_every_word_has_its_source_and_date():
    prepare(NOW)
    assert not Term.objects.filter(source="").exists()
    assert not Term.objects.filter(as_of=None).exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_bring_everything_in_once():
    start, ends = threading.Barrier(2), []

    def run():
        start.wait()
        try:
            ends.append(prepare(NOW)["terms"])
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == [0, len(load_vocabulary())]
    assert Rule.objects.count() == len(shipped_rules()) + len(shipped_page_rules()) + 1  # the second reader
    assert ApprovedProduct.objects.count() == len(shipped_products())
    assert StateRegime.objects.count() == len(shipped_regimes())


MAY = {
    "recorder": {"clinics.add_clinic", "clinics.change_page"},
    "reviewer": {"clinics.add_clinic", "clinics.change_flag"},
    "publisher": {"clinics.change_flag", "clinics.publish_claim", "clinics.publish_credentialcheck"},
    "auditor": {"clinics.view_flag", "clinics.view_decision"},
    "administrator": {
        *("clinics.change_rule", "clinics.change_host", "clinics.publish_claim"),
        *("clinics.add_approvedproduct", "clinics.change_stateregime"),
    },
}
MAY_NOT = {
    "recorder": {"clinics.change_flag", "clinics.publish_claim", "clinics.change_rule"},
    "reviewer": {"clinics.publish_claim", "clinics.publish_credentialcheck", "clinics.change_rule"},
    "publisher": {"clinics.change_rule", "clinics.change_stateregime", "clinics.delete_clinic", "clinics.change_host"},
    "auditor": {"clinics.change_clinic", "clinics.add_claim", "clinics.change_flag", "clinics.publish_claim"},
    "administrator": {"clinics.delete_clinic", "clinics.change_check", "clinics.delete_decision"},
}


@pytest.mark.parametrize("role", MAY)
def test_a_role_may_do_its_work_and_no_other(role):
    user = User.objects.get(pk=a_user(role, role).pk)
    assert all(user.has_perm(name) for name in MAY[role])
    assert not any(user.has_perm(name) for name in MAY_NOT[role])


def test_roles_are_made_once_and_come_back_to_their_permissions():
    Group.objects.all().delete()
    ensure_roles()
    Group.objects.get(name="recorder").permissions.clear()
    assert ensure_roles() == list(MAY)
    assert Group.objects.filter(name__in=MAY).count() == len(MAY)
    assert Group.objects.get(name="recorder").permissions.filter(codename="add_clinic").exists()
