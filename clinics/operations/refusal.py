"""The one family of errors of this room."""


class Refusal(Exception):
    """What was asked for cannot be done. The message says to staff what is wrong and what to do; nothing was written."""
