"""What a search finds, as a file: CSV for spreadsheets, JSON with all that is published."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe
from rest_framework.request import Request
from rest_framework.utils.encoders import JSONEncoder

from clinics.directory.answer import site_of
from clinics.published.clinics import in_full
from clinics.published.filters import ClinicFilter
from clinics.published.serialisers import ClinicSerialiser
from clinics.published.spreadsheet import csv_pieces
from clinics.published.tables import TABLES

CHUNK: Final = 100  # clinics in memory


@require_safe
def table(request: HttpRequest, name: str) -> HttpResponseBase:
    """The clinics that answer the parameters, or what is published of them, as CSV; 400 for wrong parameters."""
    if name not in TABLES:
        raise Http404
    filters = ClinicFilter(request.GET)
    if not filters.is_valid():
        return refused(filters)
    lines = TABLES[name].lines(filters.qs, site_of(request))
    return as_file(csv_pieces(lines), f"{name}.csv", "text/csv; charset=utf-8")


@require_safe
def clinics_as_json(request: HttpRequest) -> HttpResponseBase:
    """The clinics that answer the parameters with all that is published of them, as one JSON array."""
    filters = ClinicFilter(request.GET)
    if not filters.is_valid():
        return refused(filters)
    found = in_full(filters.qs, datetime.now(UTC).date()).iterator(chunk_size=CHUNK)
    context = {"request": Request(request)}
    rows = (ClinicSerialiser(clinic, context=context).data for clinic in found)
    return as_file(_json(rows), "clinics.json", "application/json")


def _json(rows: Iterable[Any]) -> Iterator[bytes]:
    """The rows as one array, a row a line."""
    before = "[\n"
    for row in rows:
        yield f"{before}{json.dumps(row, cls=JSONEncoder, ensure_ascii=False)}".encode()
        before = ",\n"
    yield b"[]\n" if before == "[\n" else b"\n]\n"


def refused(filters: ClinicFilter) -> HttpResponse:
    """What is wrong with each parameter, as text; no rows."""
    lines = [f"{name}: {message}" for name, messages in filters.errors.items() for message in messages]
    return HttpResponse("\n".join(lines) + "\n", status=400, content_type="text/plain; charset=utf-8")


def as_file(pieces: Iterable[bytes], name: str, kind: str) -> StreamingHttpResponse:
    """The pieces as a file to keep, each made in the language of the request."""
    answer = StreamingHttpResponse(_in_this_language(pieces), content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _in_this_language(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces, made in the language of the request: they are made once its own turn is over."""
    language, rest = translation.get_language(), iter(pieces)
    while True:
        with translation.override(language):
            piece = next(rest, None)
        if piece is None:
            return
        yield piece
