"""The process that becomes the browser: it bounds itself and leaves the super-user's rights, then runs Chromium.

Run by `chromium`, never imported. Arguments: descriptor to hear commands on, descriptor to answer on, seconds of
processor time, bytes of the largest file, then the program and its arguments.
"""

import fcntl
import os
import resource
import sys
from typing import Final

HEARS, ANSWERS = 3, 4
"""Descriptors that --remote-debugging-pipe reads and writes."""

_ABOVE: Final = 10  # where both ends wait until their places are free
_NOBODY: Final = 65534


def main() -> None:
    """Take the arguments and become the program."""
    hears, answers, seconds, largest_file = (int(argument) for argument in sys.argv[1:5])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    ends = [fcntl.fcntl(end, fcntl.F_DUPFD, _ABOVE) for end in (hears, answers)]
    for end, place in zip(ends, (HEARS, ANSWERS), strict=True):
        os.dup2(end, place)
    os.closerange(ANSWERS + 1, max(ends) + 1)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
    os.execv(sys.argv[5], sys.argv[5:])  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main()
