"""The process that reads one PDF: standard input to JSON on standard output. Run by `documents`, never imported.

It limits itself before it touches the document: memory, processor time, no files to write, no new processes.
"""

import io
import json
import logging
import resource
import sys
from typing import Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError

_CHARACTERS: Final = 5_000_000  # of text, all pages together


def main() -> None:
    """Read the document within the limits given as arguments: seconds, megabytes, pages."""
    seconds, megabytes, pages = (int(argument) for argument in sys.argv[1:4])
    logging.disable()
    document = sys.stdin.buffer.read()
    _limit(seconds, megabytes * 1_000_000)
    json.dump(_read(document, pages), sys.stdout)


def _limit(seconds: int, memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def _read(document: bytes, pages: int) -> dict[str, object]:
    try:
        reader = PdfReader(io.BytesIO(document))
        if reader.is_encrypted and not reader.decrypt(""):
            return {"fault": "The PDF is locked with a password."}
        return {"pages": _texts(reader, pages)}
    except PyPdfError:
        return {"fault": "The file is not a PDF, or it is damaged."}
    except (MemoryError, RecursionError):
        return {"fault": "The PDF needs more memory than it may have."}
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OSError, ArithmeticError, AssertionError):
        return {"fault": "The PDF is damaged."}  # what pypdf raises on hostile files is not bounded to its own family


def _texts(reader: PdfReader, pages: int) -> list[str]:
    texts: list[str] = []
    room = _CHARACTERS
    for page in reader.pages[:pages]:
        text = page.extract_text()[:room]
        room -= len(text)
        texts.append(text.encode("utf-8", "replace").decode("utf-8"))
    return texts


if __name__ == "__main__":
    main()
