"""Tables as CSV for people's spreadsheets: no cell of them is ever computed."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from clinics.domain.formulae import harmless

MARK: Final = "\ufeff"  # without it, Excel takes UTF-8 for another encoding
ROWS_IN_A_PIECE: Final = 200


def csv_pieces(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The rows as CSV in UTF-8, piece by piece."""
    yield MARK.encode()
    rest = iter(rows)
    while batch := list(islice(rest, ROWS_IN_A_PIECE)):
        piece = io.StringIO()
        csv.writer(piece).writerows([map(harmless, row) for row in batch])
        yield piece.getvalue().encode()
