"""Reading documents that are not pages of HTML, in a process of their own that may neither grow nor linger."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

_READER: Final = Path(__file__).with_name("pdf_reader.py")


class DocumentFault(Exception):
    """The document could not be read; the message is for staff."""


def pdf_pages(body: bytes, *, seconds: int = 20, megabytes: int = 512, pages: int = 200) -> tuple[str, ...]:
    """The text of each page of a PDF, in order; the first `pages` of them.

    Raises DocumentFault for what is no PDF, damaged, encrypted, or needs more than `seconds` or `megabytes`.
    """
    command = [sys.executable, "-I", str(_READER), str(seconds), str(megabytes), str(pages)]
    try:
        done = subprocess.run(command, input=body, capture_output=True, timeout=seconds + 5, env={}, check=False)
    except subprocess.TimeoutExpired as slow:
        raise DocumentFault(f"The PDF took longer than {seconds} seconds to read.") from slow
    if done.returncode > 0:
        raise DocumentFault("The PDF is damaged in a way that its reader did not survive.")
    if done.returncode < 0:  # ended by a signal: one of its limits
        raise DocumentFault(f"Reading the PDF took more than {seconds} seconds or {megabytes} MB.")
    told = json.loads(done.stdout)
    if fault := told.get("fault"):
        raise DocumentFault(fault)
    return tuple(told["pages"])
