"""Too many messages, schedulers, readers, and one who wakes up too late: every page is read once."""

import signal

import pytest

from tests.faults.conftest import FIRST, LATER, Begin

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


def test_a_wake_up_delivered_five_times_to_two_workers_is_one_reading(begin: Begin):
    scene, expected = begin()
    workers = [scene.worker("one"), scene.worker("two")]
    scene.wake(times=5)
    scene.until(lambda: sum(worker.said("succeeded") for worker in workers) == 5, "all five are worked on")
    assert scene.is_at_rest()
    assert scene.rows() == expected


def test_one_scheduler_and_one_worker_read_every_due_page_once(begin: Begin):
    scene, expected = begin(FIRST)
    worker, beat = scene.worker(), scene.beat()
    scene.until(scene.is_at_rest, "all is read")
    ticks = worker.said("Task clinics.tasks.tick")
    scene.until(lambda: worker.said("Task clinics.tasks.tick") > ticks + 1, "the scheduler goes on")
    assert beat.said("Sending due task tick") > 1
    assert scene.rows() == expected


def test_two_schedulers_and_two_workers_read_every_due_page_once(begin: Begin):
    scene, expected = begin()
    workers = [scene.worker("one"), scene.worker("two")]
    beats = [scene.beat("beat-one"), scene.beat("beat-two")]
    scene.until(scene.is_at_rest, "all is read")
    scene.until(lambda: all(beat.said("Sending due task tick") > 2 for beat in beats), "both schedulers tick")
    assert all(worker.said("Task clinics.tasks") for worker in workers)
    assert scene.rows() == expected


@pytest.mark.parametrize("edition", [FIRST, LATER])
def test_two_readers_of_the_same_due_pages_leave_the_rows_of_one(begin: Begin, edition: int):
    scene, expected = begin(edition)
    readers = [scene.process(f"reader-{number}", "-m", "tests.faults.reader", "3") for number in (1, 2)]
    assert [reader.wait() for reader in readers] == [0, 0]
    assert scene.is_at_rest()
    assert scene.rows() == expected


def test_a_worker_that_slept_past_its_lease_writes_nothing(begin: Begin):
    scene, expected = begin()
    sleeper = scene.worker("sleeper")
    scene.wake()
    scene.reach_the_middle()
    scene.stop_between_transactions(sleeper)
    assert scene.due() > 0

    scene.let_leases_run_out()
    reader = scene.process("other", "-m", "tests.faults.reader", "100")
    assert reader.wait() == 0
    assert scene.is_at_rest()
    everything = scene.everything()
    assert scene.rows() == expected

    sleeper.send(signal.SIGCONT)
    scene.until(lambda: sleeper.said("succeeded") == 1, "the sleeper ends its batch")
    assert sleeper.said("has passed to another worker: reading dropped") > 0
    assert scene.everything() == everything
