"""Pages whose text only scripts make, read by a real browser; and what a page can't do to it, or to anybody by it."""

import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from clinics.domain.outcome import Outcome
from clinics.web.browser import Browser
from clinics.web.chromium import BrowserFault, Chromium, find_chromium
from clinics.web.errand import Reply
from clinics.web.limits import Limits
from clinics.web.policy import Policy
from clinics.web.trouble import Trouble
from tests.stranger import Stranger
from tests.web.browsing import a_chromium, browse, has_sandbox
from tests.web.going_out import USER_AGENT, BookOfTurns, no_names

pytestmark = pytest.mark.browser

SHELL = "<!doctype html><title>Clinic</title><div id=root></div><script src=/app.js></script>"
JS = {"Content-Type": "text/javascript"}


def says_by_script(stranger: Stranger, words: str, host: str = "clinic.test") -> None:
    """A page whose text its script fetches from the same site and sets down."""
    stranger.says(host, "/", SHELL)
    stranger.says(
        host,
        "/app.js",
        "fetch('/words').then(r => r.text()).then(t => { document.getElementById('root').textContent = t })",
        headers=JS,
    )
    stranger.says(host, "/words", words)


def page(script: str, body: str = "<p>Our clinic stands in Example Street.</p>") -> str:
    return f"<!doctype html><title>Clinic</title>{body}<script>{script}</script>"


def look(stranger: Stranger, html: str, *, seconds: float = 8.0, **more: int) -> bytes:
    """What the browser makes of this document."""
    policy = Policy(test_servers=stranger.test_servers)
    browser = Browser(a_chromium(**more), policy, Limits(), USER_AGENT, no_names)
    return browser.look(
        "http://clinic.test/", Reply(200, {"content-type": "text/html"}, html.encode()), seconds
    ).document


@pytest.fixture(autouse=True)
def profiles(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of this test's own, in which every browser that it begins has its profile."""
    folder = Path(tempfile.mkdtemp(prefix="profiles-"))
    folder.chmod(0o755)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    yield folder
    assert list(folder.iterdir()) == []
    folder.rmdir()


def browsers_of(profiles: Path) -> list[int]:
    """The processes of browsers that have their profile there."""
    found = []
    for process in Path("/proc").iterdir():
        with suppress(OSError):
            if process.name.isdigit() and bytes(profiles) in (process / "cmdline").read_bytes():
                found.append(int(process.name))
    return found


def test_text_that_only_a_script_makes_is_read(stranger: Stranger) -> None:
    says_by_script(stranger, "We cure arthritis.")
    (answer,) = browse(stranger, "http://clinic.test/")
    assert b"We cure arthritis." in answer.body
    assert (answer.trouble, answer.status, answer.by_browser) == (None, 200, True)
    assert answer.served == SHELL.encode()
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.picture.startswith(b"\x89PNG\r\n")
    assert stranger.paths == ["clinic.test/robots.txt", "clinic.test/", "clinic.test/app.js", "clinic.test/words"]


def test_without_the_browser_the_same_page_has_no_text(stranger: Stranger) -> None:
    says_by_script(stranger, "We cure arthritis.")
    (answer,) = browse(stranger, "http://clinic.test/", chromium=None)
    assert b"We cure arthritis." not in answer.body
    assert not answer.by_browser
    assert stranger.paths == ["clinic.test/robots.txt", "clinic.test/"]


def test_a_secure_page_is_played_by_a_test_server_as_plain_http(stranger: Stranger) -> None:
    says_by_script(stranger, "We cure arthritis.")
    (answer,) = browse(stranger, "https://clinic.test/")
    assert b"We cure arthritis." in answer.body


def test_words_in_shadow_roots_are_read(stranger: Stranger) -> None:
    script = """customElements.define('our-promise', class extends HTMLElement {
        constructor() { super(); this.attachShadow({mode: 'open'}).innerHTML = '<p>No risk at all.</p>' } })"""
    assert b"<p>No risk at all.</p>" in look(stranger, page(script, "<our-promise></our-promise>"))


def test_the_browser_says_who_it_is(stranger: Stranger) -> None:
    says_by_script(stranger, "Hello")
    browse(stranger, "http://clinic.test/")
    assert {seen.headers["user-agent"] for seen in stranger.requests} == {USER_AGENT}


def test_robots_are_asked_first_and_obeyed(stranger: Stranger) -> None:
    says_by_script(stranger, "We cure arthritis.")
    stranger.robots("clinic.test", "User-agent: *\nDisallow: /")
    (answer,) = browse(stranger, "http://clinic.test/")
    assert (answer.trouble, answer.by_browser) == (Outcome.ROBOTS_DENIED, False)
    assert stranger.paths == ["clinic.test/robots.txt"]


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (404, "text/html", SHELL),
        (403, "text/html", SHELL),
        (200, "application/pdf", "%PDF-1.4"),
        (200, "text/html", " "),
    ],
)
def test_what_is_no_page_is_not_opened(stranger: Stranger, status: int, kind: str, body: str) -> None:
    stranger.says("clinic.test", "/", body, status, {"Content-Type": kind})
    stranger.says("clinic.test", "/app.js", "", headers=JS)
    (answer,) = browse(stranger, "http://clinic.test/")
    assert (answer.status, answer.by_browser, answer.picture) == (status, False, b"")
    assert "clinic.test/app.js" not in stranger.paths


@pytest.mark.parametrize(
    "leading",
    [
        page("location.href = '/there'"),
        page("location.replace('http://clinic.test/there')"),
        '<meta http-equiv="refresh" content="0; url=/there"><p>Moved</p>',
    ],
)
def test_a_page_that_leads_on_within_its_site_is_followed_by_the_reader(stranger: Stranger, leading: str) -> None:
    stranger.says("clinic.test", "/", leading)
    stranger.says("clinic.test", "/there", "<p>We cure arthritis.</p>")
    (answer,) = browse(stranger, "http://clinic.test/")
    assert answer.final_url == "http://clinic.test/there"
    assert b"We cure arthritis." in answer.body
    assert [hop.url for hop in answer.hops] == ["http://clinic.test/", "http://clinic.test/there"]


def test_robots_hold_for_where_a_script_leads(stranger: Stranger) -> None:
    stranger.robots("clinic.test", "User-agent: *\nDisallow: /private")
    stranger.says("clinic.test", "/", page("location.href = '/private'"))
    (answer,) = browse(stranger, "http://clinic.test/")
    assert answer.trouble is Outcome.ROBOTS_DENIED
    assert "clinic.test/private" not in stranger.paths


def test_a_script_that_leads_to_another_site_has_moved_the_page(stranger: Stranger) -> None:
    stranger.says("clinic.test", "/", page("location.href = 'http://parking.test/'"))
    (answer,) = browse(stranger, "http://clinic.test/")
    assert answer.trouble is Outcome.MOVED
    assert {seen.host for seen in stranger.requests} == {"clinic.test"}


def test_a_script_that_leads_to_a_host_whose_turn_it_is_not_waits(stranger: Stranger) -> None:
    stranger.says("clinic.test", "/", page("location.href = 'http://www.clinic.test/'"))
    (answer,) = browse(stranger, "http://clinic.test/", turns=BookOfTurns(busy=frozenset({"www.clinic.test"})))
    assert answer.trouble is Outcome.BUSY


def test_pages_that_send_visitors_in_a_circle_end(stranger: Stranger) -> None:
    stranger.says("clinic.test", "/", page("location.href = '/b'"))
    stranger.says("clinic.test", "/b", page("location.href = '/'"))
    limits = Limits(page_seconds=60, max_redirects=2)
    (answer,) = browse(stranger, "http://clinic.test/", limits=limits)
    assert (answer.trouble, answer.reason) == (Outcome.ERROR, "The page redirects too often.")


def test_a_page_that_loads_itself_again_is_read_as_it_stands(stranger: Stranger) -> None:
    stranger.says("clinic.test", "/", page("location.reload()"))
    (answer,) = browse(stranger, "http://clinic.test/")
    assert b"Example Street" in answer.body
    assert stranger.paths.count("clinic.test/") == 1


def test_a_page_that_empties_itself_is_no_reading(stranger: Stranger) -> None:
    stranger.says("clinic.test", "/", page("onload = () => { location.href = 'about:blank' }"))
    (answer,) = browse(stranger, "http://clinic.test/")
    assert (answer.trouble, answer.body) == (Outcome.ERROR, b"")


def test_a_form_that_a_script_sends_is_not_sent(stranger: Stranger) -> None:
    body = "<p>Example Street</p><form method=post action=/order><input name=a></form>"
    assert b"Example Street" in look(stranger, page("document.forms[0].submit()", body))
    assert stranger.requests == []


def test_only_its_own_site_is_sent_anything(stranger: Stranger) -> None:
    for host in ("clinic.test", "counter.test"):
        stranger.says(host, "/ask", "an answer", headers={"Access-Control-Allow-Origin": "*"})
    script = """
    for (const host of ['clinic.test', 'counter.test'])
        fetch(`http://${host}/ask`, {method: 'POST', mode: 'no-cors', body: 'q'});
    navigator.sendBeacon && navigator.sendBeacon('http://clinic.test/beacon', 'x');
    """
    look(stranger, page(script, "<a ping=http://clinic.test/ping href=#x>x</a>"))
    assert [path for path in stranger.paths if "robots" not in path] == ["clinic.test/ask"]


def test_a_page_without_leave_from_its_host_waits_for_nobody_elses_script(stranger: Stranger) -> None:
    """A script that never comes does not keep the page from being read as it stands."""
    stranger.never_answers("slow.test", "/never.js")
    began = time.monotonic()
    body = look(
        stranger, page("", "<p>Example Street</p><script async src=http://slow.test/never.js></script>"), seconds=20
    )
    assert b"Example Street" in body
    assert time.monotonic() - began < 18


ENDLESS = {
    "a script without end": ("for(;;){}", Outcome.ERROR, 9),
    "dialogs without end": ("for(;;) alert('Call now')", Outcome.ERROR, 9),
    "a question before leaving": (
        "onbeforeunload = e => e.preventDefault(); for(;;) confirm('Stay?')",
        Outcome.ERROR,
        9,
    ),
    "a document without end": (
        "const add = () => { document.body.append('more '.repeat(600000)); setTimeout(add) }; onload = add",
        Outcome.TOO_LARGE,
        40,  # a busy machine takes longer to grow too large
    ),
    "memory without end": (
        "const kept = []; setInterval(() => kept.push(new Uint8Array(60_000_000).fill(7)), 10)",
        Outcome.TOO_LARGE,
        40,
    ),
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_a_page_without_end_is_bounded(stranger: Stranger, profiles: Path, kind: str) -> None:
    script, outcome, seconds = ENDLESS[kind]
    began = time.monotonic()
    with pytest.raises(Trouble) as trouble:
        look(stranger, page(script), seconds=seconds, megabytes=700)
    assert trouble.value.outcome is outcome
    assert trouble.value.reason
    assert time.monotonic() - began < seconds + 11
    _wait_for(lambda: not browsers_of(profiles))


def test_requests_without_end_are_bounded(stranger: Stranger, profiles: Path) -> None:
    stranger.endless("clinic.test", "/endless.js")
    body = look(stranger, page("", "<p>Example Street</p><script async src=/endless.js></script>"), seconds=20)
    assert b"Example Street" in body
    _wait_for(lambda: not browsers_of(profiles))


def test_windows_without_end_open_none(stranger: Stranger) -> None:
    stranger.says("clinic.test", "/pop", "<p>pop</p>")
    body = look(stranger, page("for (let i = 0; i < 50; i++) window.open('/pop' + i)"))
    assert b"Example Street" in body
    assert stranger.requests == []


def test_a_download_is_not_kept(stranger: Stranger, profiles: Path) -> None:
    script = """const a = document.createElement('a'); a.download = 'x.bin';
    a.href = URL.createObjectURL(new Blob(['x'.repeat(1000)])); document.body.append(a); a.click()"""
    assert b"Example Street" in look(stranger, page(script))
    assert list(profiles.iterdir()) == []


def test_a_download_that_a_script_leads_to_is_told_as_no_page(stranger: Stranger) -> None:
    stranger.says("clinic.test", "/", page("location.href = '/brochure.zip'"))
    stranger.says("clinic.test", "/brochure.zip", b"PK\x03\x04", headers={"Content-Type": "application/zip"})
    (answer,) = browse(stranger, "http://clinic.test/")
    assert (answer.body, answer.by_browser) == (b"PK\x03\x04", False)


def test_no_service_worker_is_kept_between_two_looks(stranger: Stranger) -> None:
    stranger.says("clinic.test", "/sw.js", "self.addEventListener('fetch', e => {})", headers=JS)
    script = "document.title = typeof navigator.serviceWorker; document.cookie = 'seen=1'; localStorage.seen = 1"
    assert b"<title>undefined</title>" in look(stranger, page(script))
    assert b"<title>null,</title>" in look(
        stranger, page("document.title = localStorage.seen ?? null; document.title += ',' + document.cookie")
    )
    assert "clinic.test/sw.js" not in stranger.paths


def test_no_file_of_this_machine_is_shown(stranger: Stranger, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the canary sings")
    for folder in (tmp_path, *tmp_path.parents[:3]):
        if folder.owner() == "root" and folder != Path("/tmp"):
            folder.chmod(0o755)
    body = f"<iframe src='file://{secret}'></iframe><object data='file://{secret}'></object><p id=p></p>"
    script = f"fetch('file://{secret}').then(r => r.text()).then(t => document.getElementById('p').textContent = t)"
    assert b"canary sings" not in look(stranger, page(script, body))


def test_the_browser_runs_without_the_super_users_rights(profiles: Path) -> None:
    with a_chromium().begun(9, USER_AGENT, seconds=20, longest=1_000_000) as devtools:
        devtools.call("Browser.getVersion", deadline=time.monotonic() + 10)
        owners = {Path(f"/proc/{process}").stat().st_uid for process in browsers_of(profiles)}
    assert owners
    assert 0 not in owners


def test_a_killed_worker_leaves_no_browser(profiles: Path) -> None:
    """kill -9 in the middle of a page that never rests: the browser ends because nobody holds its pipe any more."""
    code = f"""
from clinics.web.browser import Browser
from clinics.web.chromium import Chromium
from clinics.web.errand import Reply
from clinics.web.limits import Limits
from clinics.web.policy import Policy
html = {page("for(;;){}")!r}.encode()
chromium = Chromium({find_chromium()!r}, sandbox={has_sandbox()})
browser = Browser(chromium, Policy(), Limits(), "x", lambda host, port: [])
browser.look("http://clinic.test/", Reply(200, {{}}, html), 60)
"""
    worker = subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[2], stderr=subprocess.DEVNULL)
    _wait_for(lambda: len(browsers_of(profiles)) > 4)
    time.sleep(2)  # the page is well in its loop
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    _wait_for(lambda: not browsers_of(profiles))
    for left in profiles.iterdir():  # nobody was left to do it
        shutil.rmtree(left)


def _wait_for(holds, seconds: float = 15.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_browser_that_does_not_begin_is_this_machines_fault() -> None:
    browser = Browser(Chromium("/bin/false"), Policy(), Limits(), USER_AGENT, no_names)
    with pytest.raises(BrowserFault, match="does not begin"):
        browser.look("http://clinic.test/", Reply(200, {}, b"<p>x"), 10)


def test_a_machine_without_chromium_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(BrowserFault, match="apt-get install chromium"):
        find_chromium()
