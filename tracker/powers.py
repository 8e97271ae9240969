"""Every answer forbids what browsers could do beside showing a page: no page of ours asks for any of it."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponseBase

FORBIDDEN: Final = (
    *("accelerometer", "camera", "compute-pressure", "geolocation", "gyroscope", "magnetometer", "microphone"),
    *("bluetooth", "gamepad", "hid", "keyboard-map", "midi", "serial", "usb", "window-management"),
    *("local-fonts", "local-network", "local-network-access", "loopback-network", "xr-spatial-tracking"),
    *("autoplay", "captured-surface-control", "display-capture", "encrypted-media", "fullscreen"),
    *("idle-detection", "picture-in-picture", "screen-wake-lock", "web-share"),
    *("clipboard-read", "clipboard-write", "cross-origin-isolated", "deferred-fetch", "deferred-fetch-minimal"),
    *("storage-access", "sync-xhr"),
    *("digital-credentials-get", "identity-credentials-get", "otp-credentials", "payment"),
    *("publickey-credentials-create", "publickey-credentials-get"),
    *("attribution-reporting", "browsing-topics", "interest-cohort", "join-ad-interest-group", "private-aggregation"),
    *("private-state-token-issuance", "private-state-token-redemption", "run-ad-auction", "shared-storage"),
    *("shared-storage-select-url", "language-detector", "language-model", "on-device-speech-recognition"),
    *("summarizer", "translator"),
)
"""Powers by their names in the header, as Chromium 150 knows them: sensors, devices, screen, clipboard, tracking.

`aria-notify` is left, which speaks to screen readers, `unload`, by which stock admin closes its pop-ups, and hints
about the browser (`ch-…`), for which no answer asks.
"""

PERMISSIONS_POLICY: Final = ", ".join(f"{power}=()" for power in FORBIDDEN)

Answering = Callable[[HttpRequest], HttpResponseBase]


def forbid_powers(get_response: Answering) -> Answering:
    """Middleware that puts the header on every answer, whoever gave it."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        return response

    return answer
