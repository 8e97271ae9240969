"""A day's seal is time-stamped from outside, where the operator named an authority, and only then."""

from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.core.exceptions import ImproperlyConfigured

from clinics.models import Seal, SealStamp
from clinics.operations import stamping
from clinics.operations.configuration import check_configuration
from clinics.operations.evidence_pack import evidence_pack
from clinics.operations.sealing import seal_days
from tests.authority import Authority
from tests.operations.proof import Proof, by_sql, verified, whats
from tests.operations.reading import MONDAY

STAMPED = MONDAY + timedelta(days=1, seconds=7)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EVIDENCE_FOLDER, settings.FETCH_HOST_DELAY = tmp_path / "evidence", 0


@pytest.fixture
def authority(settings, tmp_path):
    with Authority(STAMPED) as authority:
        roots = tmp_path / "roots.pem"
        roots.write_bytes(authority.roots)
        settings.TIMESTAMP_URL, settings.TIMESTAMP_ROOTS = "https://stamps.example/ask", str(roots)
        settings.FETCH_TEST_SERVERS = authority.test_server
        stamping._roots_in.cache_clear()
        yield authority
    stamping._roots_in.cache_clear()


@pytest.fixture
def proof(db):
    proof = Proof()
    seal_days(proof.next_morning)
    return proof


def test_the_newest_seal_is_stamped_once(proof, authority):
    stamp = stamping.stamp_newest_seal()
    assert stamp.seal == Seal.objects.order_by("-number").first()
    assert (stamp.stamped_at, stamp.authority) == (STAMPED, "https://stamps.example/ask")
    assert stamping.stamp_newest_seal() is None
    assert len(authority.asked) == 1


def test_what_is_asked_for_is_the_hash_of_the_seal(proof, authority):
    seal = stamping.stamp_newest_seal().seal
    assert bytes.fromhex(seal.digest) in authority.asked[0]


def test_nobody_is_asked_unless_an_authority_is_named(proof, authority, settings):
    settings.TIMESTAMP_URL = ""
    assert stamping.stamp_newest_seal() is None
    assert (authority.asked, SealStamp.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (lambda authority: setattr(authority, "status", 503), "status 503"),
        (lambda authority: setattr(authority, "answers", lambda stamp: b"<html>Hello"), "no time-stamp"),
        (lambda authority: setattr(authority, "answers", lambda stamp: b""), "no time-stamp"),
        (lambda authority: setattr(authority, "answers", lambda stamp: stamp[:-1]), "no time-stamp"),
        (lambda authority: setattr(authority, "answers", lambda stamp: b"x" * 200_000), "larger than"),
        (
            lambda authority: setattr(authority, "answers", lambda _: authority.stamp(authority.asked[-1], nonce=1)),
            "Nonce",
        ),
        (
            lambda authority: setattr(authority, "answers", lambda _: Authority(STAMPED).stamp(authority.asked[-1])),
            "not valid",
        ),
    ],
    ids=["refused", "a web page", "nothing", "cut off", "a flood", "another's answer", "somebody who is not trusted"],
)
def test_what_is_no_stamp_of_ours_is_not_kept_and_is_asked_for_again(proof, authority, caplog, answers, told):
    answers(authority)
    assert stamping.stamp_newest_seal() is None
    assert told in caplog.text
    assert SealStamp.objects.count() == 0
    authority.status, authority.answers = 200, lambda stamp: stamp
    assert stamping.stamp_newest_seal() is not None


def test_an_authority_in_a_private_network_is_not_asked(proof, authority, settings, caplog):
    settings.TIMESTAMP_URL = "https://192.168.1.1/ask"
    assert stamping.stamp_newest_seal() is None
    assert "not an address on the public internet" in caplog.text


def test_verification_counts_stamps_and_tells_those_that_do_not_fit(proof, authority):
    stamping.stamp_newest_seal()
    faults, found = verified()
    assert (faults, found.stamps) == ([], 1)
    by_sql("UPDATE clinics_sealstamp SET answer = set_byte(answer, length(answer) - 5, 7)")
    assert len(whats()) == 1


def test_a_stamp_of_another_seal_is_told(proof, authority):
    stamping.stamp_newest_seal()
    proof.clock.days(1)
    proof.says_something_else(days=0)
    seal_days(proof.next_morning)
    newest = Seal.objects.order_by("-number").first()
    by_sql("UPDATE clinics_sealstamp SET seal_id = %s", newest.pk)
    assert any("The time-stamp is not valid" in what for what in whats())


def test_an_evidence_pack_holds_the_stamps(proof, authority, tmp_path):
    stamp = stamping.stamp_newest_seal()
    (tmp_path / "pack.zip").write_bytes(evidence_pack(proof.claim, proof.clock.now))
    with ZipFile(tmp_path / "pack.zip") as pack:
        assert pack.read(f"stamps/seal-{stamp.seal.number}.tsr") == bytes(stamp.answer)


@pytest.mark.parametrize(
    ("roots", "told"), [("", "needs TIMESTAMP_ROOTS"), ("none.pem", "cannot be read"), ("empty.pem", "no certificate")]
)
def test_a_start_without_certificates_to_trust_is_refused(settings, tmp_path, roots, told):
    (tmp_path / "empty.pem").write_text("")
    settings.TIMESTAMP_URL = "https://stamps.example/ask"
    settings.TIMESTAMP_ROOTS = str(tmp_path / roots) if roots else ""
    with pytest.raises(ImproperlyConfigured, match=told):
        check_configuration()
