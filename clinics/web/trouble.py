"""Why no page came: the one exception that ends an errand, and libcurl's faults in words for staff."""

from typing import Final

import pycurl

from clinics.domain.outcome import Outcome


class Trouble(Exception):
    """Ends the attempt on one page with an outcome and a sentence for staff. Never leaves this room."""

    def __init__(self, outcome: Outcome, reason: str, *, of_time: bool = False) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason[:300]
        self.of_time = of_time  # whether it is only that time ran out


_SENTENCES: Final = {
    pycurl.E_COULDNT_CONNECT: "The server did not accept the connection.",
    pycurl.E_COULDNT_RESOLVE_HOST: "The name could not be found.",
    pycurl.E_GOT_NOTHING: "The server closed the connection without an answer.",
    pycurl.E_OPERATION_TIMEDOUT: "The server did not finish its answer in time.",
    pycurl.E_PARTIAL_FILE: "The connection ended in the middle of the page.",
    pycurl.E_PEER_FAILED_VERIFICATION: "The server's certificate is not valid for this name or not trusted.",
    pycurl.E_RECV_ERROR: "The connection broke while the page was being read.",
    pycurl.E_SEND_ERROR: "The connection broke while the page was being asked for.",
    pycurl.E_SSL_CONNECT_ERROR: "No secure connection could be agreed with the server.",
    pycurl.E_UNSUPPORTED_PROTOCOL: "The server does not answer in HTTP.",
    pycurl.E_URL_MALFORMAT: "The address is not well formed.",
}


def trouble_of(code: int) -> Trouble:
    """The trouble that a failed libcurl transfer means."""
    sentence = _SENTENCES.get(code, f"The server's answer could not be read (code {code}).")
    return Trouble(Outcome.ERROR, sentence, of_time=code == pycurl.E_OPERATION_TIMEDOUT)


def out_of_time() -> Trouble:
    """The time allowed for one page ran out."""
    return trouble_of(pycurl.E_OPERATION_TIMEDOUT)


def not_listened() -> Trouble:
    """Time ran out while this machine was at work on other pages: no fault of the server's."""
    return Trouble(Outcome.BUSY, "This machine was too busy to listen to the server in time; it will try again.")
