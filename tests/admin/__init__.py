"""The staff's desk, which is registered when its addresses are loaded."""

import tracker.urls  # noqa: F401
