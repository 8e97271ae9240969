"""run.py on a machine that has nothing but Python; with empty requirements, so that nothing is downloaded."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

RUN = Path(__file__).resolve().parents[2] / "run.py"
DEBIANS = "/usr/bin/python3"  # it refuses to install beside the system's own packages (PEP 668)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    shutil.copy(RUN, tmp_path / "run.py")
    (tmp_path / "requirements.txt").write_text("")
    (tmp_path / "requirements-test.txt").write_text("")
    (tmp_path / "manage.py").write_text("import sys; print('managed', *sys.argv[1:], sys.prefix)")
    return tmp_path


def start(checkout: Path, *arguments: str, python: str = sys.executable) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [python, str(checkout / "run.py"), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"PATH": "/usr/bin:/bin", "NO_UV": "1", "HOME": str(checkout)},
    )


def managed(checkout: Path, *arguments: str, python: str = sys.executable) -> str:
    child = start(checkout, "manage", *arguments, python=python)
    out, errors = child.communicate(timeout=150)
    assert child.returncode == 0, errors
    return out


def test_the_environment_is_made_once_and_arguments_are_handed_on(checkout):
    assert managed(checkout, "scan", "-") == f"managed scan - {checkout / '.venv'}\n"
    made = (checkout / ".venv" / "pyvenv.cfg").stat().st_mtime_ns
    managed(checkout, "scan")
    assert (checkout / ".venv" / "pyvenv.cfg").stat().st_mtime_ns == made


def test_a_second_start_waits_for_the_first(checkout):
    children = [start(checkout, "manage", str(number)) for number in range(3)]
    answers = [child.communicate(timeout=150) for child in children]
    assert [child.returncode for child in children] == [0, 0, 0], answers
    assert sum("Installing" in errors for _, errors in answers) == 1


def test_a_half_made_environment_is_made_anew(checkout):
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").write_text("not a program")
    assert managed(checkout).startswith("managed")


def test_a_change_of_the_requirements_is_installed_without_losing_the_rest(checkout):
    managed(checkout)
    kept = checkout / ".venv" / "kept"
    kept.touch()
    (checkout / "requirements.txt").write_text("# changed\n")
    child = start(checkout, "manage")
    assert "Installing" in child.communicate(timeout=150)[1]
    assert kept.exists()


@pytest.mark.parametrize("arguments", [(), ("dance",), ("--help",)])
def test_an_unknown_command_is_answered_with_those_there_are(checkout, arguments):
    child = start(checkout, *arguments)
    _, errors = child.communicate(timeout=30)
    assert child.returncode == 1
    assert "run.py demo" in errors and "run.py test" in errors
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize("python", sorted({sys.executable, *([DEBIANS] if Path(DEBIANS).exists() else [])}))
def test_every_python_of_this_machine_will_do(checkout, python):
    assert managed(checkout, python=python).startswith("managed")
