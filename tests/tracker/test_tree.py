"""A process tree leaves nothing behind, however it ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tracker.embedded.serve import free_port

HOUSE = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys
from tracker.embedded.tree import Tree
tree = Tree("test")
tree.start("first", [sys.executable, "-c", sys.argv[1]])
tree.start("second", ["sleep", "{seconds}"])
tree.say("ready")
sys.exit(tree.wait())
"""
PATIENT = "import time; time.sleep(600)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"


def _tree(seconds: float, first: str = PATIENT) -> subprocess.Popen[str]:
    program = PROGRAM.format(seconds=seconds)
    tree = subprocess.Popen(
        [sys.executable, "-c", program, first], cwd=HOUSE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert tree.stderr is not None
    assert "ready" in tree.stderr.readline()
    return tree


def _children(parent: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def _is_gone(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def _soon(holds: Callable[[], bool], seconds: float = 15) -> bool:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.05)
    return holds()


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGINT, 0), (signal.SIGTERM, 0), (signal.SIGHUP, 0), (signal.SIGKILL, -signal.SIGKILL)],
)
def test_a_signal_leaves_no_process(number: signal.Signals, status: int) -> None:
    tree = _tree(600)
    children = _children(tree.pid)
    os.kill(tree.pid, number)
    _, errors = tree.communicate(timeout=30)
    assert tree.returncode == status, errors
    assert len(children) == 2
    assert _soon(lambda: all(map(_is_gone, children)))


def test_a_child_that_ends_by_itself_stops_all_and_is_named() -> None:
    tree = _tree(0.5)
    children = _children(tree.pid)
    _, errors = tree.communicate(timeout=30)
    assert tree.returncode == 1
    assert "second ended with status 0" in errors
    assert _soon(lambda: all(map(_is_gone, children)))


def test_a_second_signal_kills_who_does_not_listen() -> None:
    tree = _tree(600, STUBBORN)
    children = _children(tree.pid)
    time.sleep(1)
    began = time.monotonic()
    os.kill(tree.pid, signal.SIGINT)
    time.sleep(0.5)
    os.kill(tree.pid, signal.SIGINT)
    tree.communicate(timeout=30)
    assert time.monotonic() - began < 8  # less than the grace of 10 s
    assert all(map(_is_gone, children))


WAITING = """
import sys
from tracker.embedded.tree import Tree
tree = Tree("test")
tree.start("first", [sys.executable, "-c", sys.argv[1], sys.argv[2]])
print(tree.answers(f"http://127.0.0.1:{sys.argv[2]}/", within=float(sys.argv[3])), tree.is_whole, flush=True)
tree.stop()
"""
LATE = """
import http.server, sys, time
time.sleep(0.5)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), http.server.BaseHTTPRequestHandler).serve_forever()
"""


@pytest.mark.parametrize(
    ("child", "within", "answer", "said"),
    [
        (LATE, 20, "True True", ""),
        (PATIENT, 0.5, "False True", "did not answer within 0.5 s"),
        ("import time; time.sleep(0.2)", 20, "False False", ""),
    ],
    ids=["one that begins late", "one that never answers", "one that ends"],
)
def test_a_tree_waits_until_its_web_answers(child: str, within: float, answer: str, said: str) -> None:
    program = [sys.executable, "-c", WAITING, child, str(free_port()), str(within)]
    ran = subprocess.run(program, cwd=HOUSE, capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout.strip() == answer
    assert said in ran.stderr
    assert ("did not answer" in ran.stderr) is bool(said)
