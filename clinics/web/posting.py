"""One question to a service: a POST request, answered once."""

import time
from collections.abc import Mapping

from clinics.web.errand import Get, Reply, Steps
from clinics.web.limits import Limits
from clinics.web.policy import Policy
from clinics.web.pump import Pump
from clinics.web.resolve import Resolve, system_resolve
from clinics.web.visiting import trusted_roots

LARGEST = 100_000  # bytes of an answer


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    policy: Policy,
    limits: Limits,
    user_agent: str,
    resolve: Resolve = system_resolve,
) -> Reply:
    """Send this body and wait for the answer, within the time of a page. Redirects are not followed.

    Nothing that the service does raises; `trouble` of the reply says what went wrong.
    """
    found: list[Reply] = []

    def script() -> Steps[None]:
        deadline = time.monotonic() + limits.page_seconds
        reply = yield Get(url, deadline, LARGEST, headers, body=body)
        found.append(reply or Reply())

    pump = Pump(policy=policy, limits=limits, user_agent=user_agent, resolve=resolve, ca_file=trusted_roots())
    pump.run(iter([script()]), lambda: False)
    return found[0]
