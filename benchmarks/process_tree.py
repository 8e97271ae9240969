"""Processor time and memory of a process with all that it started, from /proc."""

import os
import time
from collections.abc import Callable
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def members(pid: int) -> list[int]:
    """The process and its living descendants."""
    found, todo = [], [pid]
    while todo:
        each = todo.pop()
        try:
            todo += [int(child) for task in Path(f"/proc/{each}/task").iterdir() for child in _children(task)]
        except OSError:
            continue
        found.append(each)
    return found


def _children(task: Path) -> list[str]:
    try:
        return (task / "children").read_text().split()
    except OSError:
        return []


def cpu_seconds(pid: int) -> float:
    """User and system time of the tree; of ended processes what their parents have waited for."""
    return sum(_cpu(each) for each in members(pid))


def _cpu(pid: int) -> float:
    try:
        facts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, facts[11:15])) / _TICK  # utime, stime, cutime, cstime


def memory_mb(pid: int) -> float:
    """Resident memory of the tree; pages that processes share are divided among them."""
    return sum(_pss(each) for each in members(pid)) / 1024


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def peak_kilobytes(pid: int) -> int:
    """The most memory that one process has had resident so far; 0 once it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)


def wait_for(is_so: Callable[[], bool], what: str, seconds: float, every: float = 0.5) -> None:
    """Wait until it is so. Raises TimeoutError naming `what`."""
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            raise TimeoutError(f"{what}: not within {seconds:.0f} seconds")
        time.sleep(every)
