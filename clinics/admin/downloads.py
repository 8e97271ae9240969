"""Tables as files to keep: streamed as CSV, or as an Excel workbook."""

from collections.abc import Iterable, Sequence

from django.contrib import messages
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.utils.http import content_disposition_header

from clinics.operations.refusal import Refusal
from clinics.operations.sheet_writing import workbook
from clinics.published.spreadsheet import csv_pieces


def download(
    request: HttpRequest, rows: Iterable[Sequence[str]], *, name: str, form: str, back: str
) -> HttpResponseBase:
    """The rows as a file of this name, in the form csv or xlsx; `back` with the reason where no workbook holds them."""
    if form == "csv":
        response = StreamingHttpResponse(csv_pieces(rows), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.csv") or "attachment"
        return response
    if form != "xlsx":
        raise Http404
    try:
        return FileResponse(workbook(rows), as_attachment=True, filename=f"{name}.xlsx")
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(back)
