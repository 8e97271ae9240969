"""Many hosts side by side, and the caller's side of a visit."""

import itertools
import threading
import time
from collections.abc import Iterator

import pytest

from clinics.domain.answer import Answer
from clinics.domain.outcome import Outcome
from clinics.web.limits import Limits
from clinics.web.policy import Policy
from clinics.web.visiting import HostVisit, PageRequest
from tests.stranger import Line, Seen, Stranger
from tests.web.going_out import BookOfTurns, answering, never, pages, read_hosts


def slow_page(line: Line, seen: Seen) -> None:
    line.rest(0.3)
    line.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


def test_hosts_run_side_by_side_and_one_hosts_pages_one_after_another(stranger: Stranger) -> None:
    hosts = ["a.test", "b.test"]
    for host in hosts:
        stranger.behaves(host, "/1", slow_page)
        stranger.behaves(host, "/2", slow_page)
    began = time.monotonic()
    read_hosts([pages(host, "/1", "/2") for host in hosts], Policy(test_servers=stranger.test_servers))
    wall = time.monotonic() - began
    assert wall < sum(seen.ended - seen.began for seen in stranger.requests)
    for host in hosts:
        of_host = sorted((seen for seen in stranger.requests if seen.host == host), key=lambda seen: seen.began)
        assert all(one.ended <= other.began for one, other in itertools.pairwise(of_host))


def test_no_more_hosts_are_visited_at_once_than_allowed(stranger: Stranger) -> None:
    hosts = ["a.test", "b.test", "c.test"]
    for host in hosts:
        stranger.behaves(host, "/1", slow_page)
    visits = [pages(host, "/1") for host in hosts]
    read_hosts(visits, Policy(test_servers=stranger.test_servers), limits=Limits(in_flight=1))
    seen = sorted(stranger.requests, key=lambda request: request.began)
    assert all(one.ended <= other.began for one, other in itertools.pairwise(seen))


def test_an_answer_may_decide_what_is_asked_for_next(stranger: Stranger) -> None:
    stranger.says("a.test", "/1", "/2")
    stranger.says("a.test", "/2", "/3")
    heard: list[str] = []

    def following() -> Iterator[PageRequest]:
        yield PageRequest("http://a.test/1", 1)
        while heard[-1] != "/3":
            yield PageRequest(f"http://a.test{heard[-1]}", 1)

    def hear(page: PageRequest, answer: Answer) -> None:
        heard.append(answer.body.decode())

    read_hosts([HostVisit("a.test", following(), 0)], Policy(test_servers=stranger.test_servers), on_answer=hear)
    assert stranger.paths == ["a.test/robots.txt", "a.test/1", "a.test/2"]


@pytest.mark.parametrize(("delay", "crawl_delay", "gap"), [(0.2, 0, 0.2), (0.1, 0.3, 0.3), (0.2, 99, 0.4)])
def test_a_host_gets_its_rest(stranger: Stranger, delay: float, crawl_delay: float, gap: float) -> None:
    stranger.robots("clinic.test", f"User-agent: *\nCrawl-delay: {crawl_delay}")
    for path in ("/1", "/2", "/3"):
        stranger.says("clinic.test", path, "x")
    limits = Limits(max_crawl_delay=0.4)
    read_hosts(
        [pages("clinic.test", "/1", "/2", "/3", delay=delay)], Policy(test_servers=stranger.test_servers), limits=limits
    )
    began = [seen.began for seen in stranger.requests]
    assert all(later - earlier >= delay for earlier, later in itertools.pairwise(began))
    assert all(later - earlier >= gap for earlier, later in itertools.pairwise(began[1:]))


def test_without_delay_nothing_waits(stranger: Stranger) -> None:
    stranger.robots("clinic.test", "User-agent: *\nCrawl-delay: 5")
    stranger.says("clinic.test", "/1", "", 503, {"Retry-After": "60"})
    stranger.says("clinic.test", "/2", "x")
    began = time.monotonic()
    answers = read_hosts([pages("clinic.test", "/1", "/2")], Policy(test_servers=stranger.test_servers))
    assert time.monotonic() - began < 2
    assert [answer.status for answer in answers.values()] == [503, 200]


def test_a_host_that_asks_for_rest_gets_it_for_its_other_pages(stranger: Stranger) -> None:
    stranger.says("clinic.test", "/1", "", 503, {"Retry-After": "60"})
    answers = list(
        read_hosts([pages("clinic.test", "/1", "/2", delay=0.01)], Policy(test_servers=stranger.test_servers)).values()
    )
    assert (answers[0].retry_after, answers[1].trouble) == (60, Outcome.BUSY)
    assert "clinic.test/2" not in stranger.paths


def test_a_host_behind_a_redirect_is_kept_from_page_to_page_and_has_its_rest(stranger: Stranger) -> None:
    for path in ("/1", "/2"):
        stranger.redirects("clinic.test", path, f"http://www.clinic.test{path}")
        stranger.says("www.clinic.test", path, path)
    stranger.robots("www.clinic.test", "User-agent: *\nCrawl-delay: 0.5")
    turns = BookOfTurns()
    visits = [pages("clinic.test", "/1", "/2", delay=0.1)]
    answers = read_hosts(visits, Policy(test_servers=stranger.test_servers), turns=turns)
    assert [answer.body for answer in answers.values()] == [b"/1", b"/2"]
    assert (turns.taken, turns.given_back) == (["www.clinic.test"], ["www.clinic.test"])
    first, second = (seen.began for seen in stranger.requests if seen.host == "www.clinic.test" and seen.path in "/1/2")
    assert second - first >= 0.5


@pytest.mark.parametrize("path", ["/", "/robots.txt"])
def test_a_host_behind_a_redirect_gets_the_rest_that_it_asked_for(stranger: Stranger, path: str) -> None:
    stranger.redirects("clinic.test", "/", "http://www.clinic.test/")
    stranger.says("www.clinic.test", path, "", 429, {"Retry-After": "60"})
    turns = BookOfTurns()
    (answer,) = read_hosts(
        [pages("clinic.test", "/")], Policy(test_servers=stranger.test_servers), turns=turns
    ).values()
    assert (answer.retry_after, turns.wishes) == (60, {"www.clinic.test": 60})


def test_a_host_that_fails_twice_is_left_alone(stranger: Stranger) -> None:
    for path in ("/1", "/2", "/3"):
        stranger.resets("clinic.test", path)
    answers = read_hosts(
        [pages("clinic.test", "/1", "/2", "/3", delay=0.01)], Policy(test_servers=stranger.test_servers)
    )
    assert [answer.trouble for answer in answers.values()] == [Outcome.ERROR, Outcome.ERROR, Outcome.BUSY]


def test_a_visit_stops_within_a_second_and_gives_turns_back(stranger: Stranger) -> None:
    stranger.redirects("clinic.test", "/", "http://www.clinic.test/")
    stranger.never_answers("www.clinic.test", "/")
    turns = BookOfTurns()
    began = time.monotonic()
    answers = read_hosts(
        [pages("clinic.test", "/")],
        Policy(test_servers=stranger.test_servers),
        turns=turns,
        stop=lambda: time.monotonic() - began > 0.3,
        limits=Limits(),
    )
    assert time.monotonic() - began < 1.3
    assert answers == {}
    assert turns.given_back == ["www.clinic.test"]


def test_answers_come_in_the_calling_thread(stranger: Stranger) -> None:
    threads: list[threading.Thread] = []
    read_hosts(
        [pages("a.test", "/"), pages("b.test", "/")],
        Policy(test_servers=stranger.test_servers),
        on_answer=lambda page, answer: threads.append(threading.current_thread()),
    )
    assert threads == [threading.current_thread()] * 2


def test_time_that_went_to_other_pages_is_not_held_against_a_server(stranger: Stranger) -> None:
    stranger.says("quick.test", "/", "<p>Here at once.</p>")
    stranger.never_answers("slow.test", "/")
    answers: dict[str, Answer] = {}

    def works_long(page: PageRequest, answer: Answer) -> None:
        answers[page.url] = answer
        if "quick" in page.url:
            time.sleep(1.5)

    visits = [pages("quick.test", "/"), pages("slow.test", "/")]
    policy = Policy(test_servers=stranger.test_servers)
    read_hosts(visits, policy, on_answer=works_long, limits=Limits(page_seconds=1))
    assert answers["http://slow.test/"].trouble is Outcome.BUSY
    assert "too busy to listen" in answers["http://slow.test/"].reason
    read_hosts(visits[1:], policy, on_answer=works_long, limits=Limits(page_seconds=1))
    assert answers["http://slow.test/"].trouble is Outcome.ERROR
    assert "in time" in answers["http://slow.test/"].reason


def test_what_the_caller_raises_ends_the_visit(stranger: Stranger) -> None:
    def fails(page: PageRequest, answer: Answer) -> None:
        raise LookupError("our own database")

    with pytest.raises(LookupError, match="our own"):
        read_hosts([pages("a.test", "/")], Policy(test_servers=stranger.test_servers), on_answer=fails)


def test_no_hosts_are_no_work() -> None:
    assert read_hosts([], Policy(), stop=never, resolve=answering()) == {}
