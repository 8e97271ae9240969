"""Kill -9 in the middle of a batch: nothing is lost, and nothing is there twice."""

import os
import signal

import pytest

from tests.faults.conftest import FIRST, LATER, Begin

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


def test_an_undisturbed_reading_has_something_to_lose(occasions):
    first, later = occasions[FIRST].rows, occasions[LATER].rows
    assert len(first["checks"]) == 60 and len(later["checks"]) == 120
    assert len(later["flags"]) > len(first["flags"]) > 20
    assert {outcome for _, outcome, *_ in later["states"]} == {"ok", "unchanged", "gone"}


@pytest.mark.parametrize("edition", [FIRST, LATER])
def test_what_a_killed_worker_left_undone_is_done_by_the_next(begin: Begin, edition: int):
    scene, expected = begin(edition)
    worker = scene.worker()
    scene.wake()
    scene.reach_the_middle()
    worker.kill()
    written = scene.checks()

    following = scene.worker("next")
    scene.wake()
    scene.until(lambda: following.said("succeeded") == 1, "the next worker looks for work")
    assert scene.checks() == written, "hosts of the dead worker were read before its leases ran out"
    scene.let_leases_run_out()
    scene.wake()
    scene.until(scene.is_at_rest, "the rest is read")
    assert scene.rows() == expected


def test_a_killed_broker_comes_back_with_its_messages_and_the_batch_in_hand_is_finished(begin: Begin):
    scene, expected = begin()
    worker = scene.worker()
    scene.wake(times=3)
    scene.reach_the_middle()
    os.kill(scene.house.broker_pid, signal.SIGKILL)
    scene.until(scene.is_at_rest, "the batch needs no broker")
    assert scene.rows() == expected

    worker.kill()  # Celery ends a worker that loses its broker with a task in hand; its supervisor starts the next
    scene.house.broker.start()
    scene.worker("next")
    scene.make_all_due()
    scene.wake()
    scene.until(lambda: scene.checks() == len(expected["checks"]) + 60, "wake-ups reach the next worker")
    scene.until(scene.is_at_rest, "everything is read again")
    assert scene.readings_per_page() == {3}


def test_wake_ups_that_a_killed_broker_had_in_its_file_are_delivered(begin: Begin):
    scene, expected = begin()
    scene.wake()
    os.kill(scene.house.broker_pid, signal.SIGKILL)
    scene.until(lambda: not scene.house.broker.ask("PING"), "the broker is dead")
    scene.house.broker.start()
    scene.worker()
    scene.until(scene.is_at_rest, "the message of before is worked on")
    assert scene.rows() == expected


def test_after_a_flushed_broker_the_next_tick_wakes_the_workers(begin: Begin):
    scene, expected = begin()
    worker = scene.worker()
    beat = scene.beat()
    scene.reach_the_middle()
    scene.house.broker.ask("FLUSHALL")
    scene.until(scene.is_at_rest, "the batch in hand is finished")
    assert scene.rows() == expected

    ticks, reads = beat.said("Sending due task tick"), worker.said("Task clinics.tasks.recheck")
    scene.make_all_due()
    scene.until(lambda: worker.said("Task clinics.tasks.recheck") > reads, "a tick of after the flush wakes the worker")
    scene.until(scene.is_at_rest, "everything is read again")
    assert beat.said("Sending due task tick") > ticks
    assert scene.readings_per_page() == {3}


def test_a_killed_database_server_comes_back_with_everything_that_was_written(begin: Begin):
    scene, expected = begin()
    worker = scene.worker()
    scene.wake()
    scene.reach_the_middle()
    written = scene.rows()["checks"]
    os.kill(scene.house.postmaster, signal.SIGKILL)
    scene.until(lambda: worker.said("raised unexpected") > 0, "the worker gives its batch up")
    scene.house.cluster.start()

    after = scene.rows()["checks"]
    assert all(check in after for check in written), "what was written before the kill is lost"
    assert worker.is_alive()
    scene.let_leases_run_out()
    scene.wake()
    scene.until(scene.is_at_rest, "the same worker reads the rest")
    assert scene.rows() == expected
