"""`run.py demo` and `run.py serve`: servers, migrations, web, worker and scheduler as one process tree."""

import getpass
import json
import os
import secrets
import socket
import sys
from typing import Literal

from tracker.embedded.places import CHECKOUT, EmbeddedFault, home
from tracker.embedded.servers import hold_servers
from tracker.embedded.tree import Tree

Kind = Literal["demo", "serve"]
PYTHON = sys.executable
COUNT_ACCOUNTS = "from django.contrib.auth.models import User; print(User.objects.count())"
MANAGE = [PYTHON, str(CHECKOUT / "manage.py")]
DEMO = {"TICK_SECONDS": "5", "FETCH_HOST_DELAY": "1"}  # its site is ours: nobody is bothered, and one need not wait
FICTIONAL = {"DEMONSTRATION": "True"}  # every page says so
QUIET = ["--no-control-socket", "--log-level", "warning"]
ANSWERS_WITHIN = 60.0  # seconds; a slow disk reads the program for ten
WORKER_GRACE = 30.0  # seconds for the readings in hand


def web_port() -> int:
    """The port from PORT, 8000 unless set. Raises EmbeddedFault if it is no port, or taken."""
    value = os.environ.get("PORT") or "8000"
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise EmbeddedFault(f"PORT is {value!r}; it must be a number from 1 to 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(value)))
        except PermissionError:
            raise EmbeddedFault(f"Port {value} is for the super-user only. Choose another: PORT=8001") from None
        except OSError:
            raise EmbeddedFault(
                f"Port {value} is in use by another program. Stop it, or choose another: PORT=8001"
            ) from None
    return int(value)


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def start_site(tree: Tree) -> None:
    """Play the fictional clinics, and lead the reader to them instead of to the world."""
    port = free_port()
    os.environ.update({name: os.environ.get(name) or value for name, value in DEMO.items()} | FICTIONAL)
    os.environ["FETCH_TEST_SERVERS"] = f"*.example=127.0.0.1:{port},*.test=127.0.0.1:{port}"
    tree.start("site", [PYTHON, "-m", "tracker.demo.site", "--port", str(port)])


def prepare(tree: Tree) -> bool:
    """Bring tables and reference data up to date; whether that went well."""
    tree.say("preparing the database …")
    steps = (("migrate", [*MANAGE, "migrate", "-v0"]), ("prepare", [*MANAGE, "prepare"]))
    return all(tree.run(name, argv) is not None for name, argv in steps)


def start_workers(tree: Tree, port: int) -> None:
    """Start web, worker and scheduler; they are stopped in the opposite order."""
    address = f"127.0.0.1:{port}"
    tree.start("web", [PYTHON, "-m", "gunicorn", "tracker.wsgi", "-b", address, "-w", "2", "--threads", "4", *QUIET])
    celery = [PYTHON, "-m", "celery", "-A", "tracker"]
    worker = ["worker", "-c", "2", "-l", "WARNING", "--without-gossip", "--without-mingle"]
    tree.start("worker", [*celery, *worker], grace=WORKER_GRACE)
    if os.environ.get("BROWSER_ENABLED") == "True":
        browser = ["worker", "-Q", "browser", "-n", "browser@%h", "-c", "1", *worker[3:]]
        tree.start("browser", [*celery, *browser], grace=WORKER_GRACE)
    tree.start("beat", [*celery, "beat", "-l", "WARNING", "-s", str(home() / "schedule"), "--pidfile="])


def demo_account(tree: Tree) -> str | None:
    """Load the demonstration; what to tell about its account, or None if it could not be loaded."""
    tree.say("recording the fictional clinics and reading their pages …")
    answer = tree.run("load", [*MANAGE, "demo_data"])
    if answer is None:
        return None
    loaded = json.loads(answer.splitlines()[-1])
    if loaded["password"] is None:
        return f"account {loaded['account']}, password as you changed it"
    second = f"second person: {loaded['people'][-1]}, same password"
    return f"account {loaded['account']}, password {loaded['password']} ({second})"


def first_account(tree: Tree) -> str | None:
    """Make the first account, if there is none: asked for at a terminal, else with a password shown this once.

    The answer is what to tell about it ("" if there was one before), or None if it could not be made.
    """
    known = tree.run("account", [*MANAGE, "shell", "-v0", "-c", COUNT_ACCOUNTS])
    if known is None or known.strip() != "0":
        return known and ""
    name, password, shown = "admin", secrets.token_urlsafe(12), True
    if sys.stdin.isatty():
        name = input("Name of the first account [admin]: ").strip() or name
        password, shown = ask_password(password)
    account = {"DJANGO_SUPERUSER_USERNAME": name, "DJANGO_SUPERUSER_PASSWORD": password, "DJANGO_SUPERUSER_EMAIL": ""}
    if tree.run("account", [*MANAGE, "createsuperuser", "--noinput", "-v0"], env=account) is None:
        return None
    return f"account {name}, password {password} (shown only now)" if shown else f"account {name}"


def ask_password(proposal: str) -> tuple[str, bool]:
    """The password of the first account, and whether it must be shown because nobody chose it."""
    while True:
        first = getpass.getpass("Password (10 characters or more; empty: one is made for you): ")
        if not first:
            return proposal, True
        if len(first) >= 10 and first == getpass.getpass("Again: "):
            return first, False
        sys.stderr.write("That was too short, or not the same twice.\n")


def announce(tree: Tree, port: int, account: str) -> None:
    """Tell where to look."""
    tree.say(f"directory  http://localhost:{port}/")
    tree.say(f"admin      http://localhost:{port}/admin/" + (f"   {account}" if account else ""))
    tree.say("Ctrl-C stops everything.")


def serve(kind: Kind) -> int:
    """Run the tree to its end; the exit status. Raises EmbeddedFault where it cannot begin."""
    port = web_port()
    os.environ.setdefault("PUBLIC_URL", f"http://localhost:{port}")
    holds = hold_servers("dev" if kind == "serve" else "demo")
    tree = Tree(kind)
    try:
        if kind == "demo":
            start_site(tree)
        if not prepare(tree):
            return 0 if tree.stopping else 1
        account = demo_account(tree) if kind == "demo" else first_account(tree)
        if account is None:
            return 0 if tree.stopping else 1
        start_workers(tree, port)
        if tree.answers(f"http://127.0.0.1:{port}/healthz", within=ANSWERS_WITHIN) or tree.is_whole:
            announce(tree, port, account)  # also of one that is late: the account is told this once
        return tree.wait()
    finally:
        tree.stop()
        for hold in reversed(holds):
            hold.release()


def main() -> None:
    """`python -m tracker.embedded.serve demo|serve`."""
    kind: Kind = "demo" if sys.argv[1:2] == ["demo"] else "serve"
    try:
        sys.exit(serve(kind))
    except EmbeddedFault as fault:
        sys.exit(f"{fault}")


if __name__ == "__main__":
    main()
