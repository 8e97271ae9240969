"""Read by Python at its start: the tests' gate, in the children of the tests."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2]))

from tests import gate  # the folder of the tests is found only now

gate.install()
