import os, signal, time, shutil
import pytest

@pytest.mark.timeout(240)
@pytest.mark.parametrize("n", range(10))
def test_x(begin, n):
    scene, expected = begin()
    w = scene.worker()
    scene.wake(times=3)
    scene.reach_the_middle()
    os.kill(scene.house.broker_pid, signal.SIGKILL)
    scene.until(scene.is_at_rest, "rest")
    time.sleep(0.3*n)
    alive = w.is_alive()
    scene.house.broker.start()
    time.sleep(3)
    ok = w.is_alive()
    shutil.copy(w.log, f"/tmp/w{n}.log")
    print("ALIVE", n, alive, ok)
    assert ok and alive
