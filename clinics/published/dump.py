"""Everything public as files of JSON lines, with what is needed to read them."""

import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from rest_framework.utils.encoders import JSONEncoder

from clinics.models import Claim, Clinic, OfficialAction
from clinics.published import history, statements
from clinics.published.clinics import SHOWN, in_full, shown
from clinics.published.filters import FACETS
from clinics.published.sentences import LANGUAGES
from clinics.published.serialisers import ClinicSerialiser
from clinics.published.vocabulary import load_vocabulary

CHUNK: Final = 100  # clinics in memory
NO_LICENCE: Final = "No licence was given."
NAME: Final = "directory.zip"


def newest(folder: Path) -> Path | None:
    """The dump that was made last; None before the first."""
    file = folder / NAME
    return file if file.is_file() else None


def write_dump(file: Path, now: datetime) -> dict[str, int]:
    """Write everything public of this moment into one ZIP; how many lines each file of it has."""
    counts: dict[str, int] = {}
    digests: dict[str, str] = {}
    with translation.override("en"), ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, rows in (
            ("clinics.jsonl", _clinics(now)),
            ("tombstones.jsonl", _tombstones()),
            ("changes.jsonl", _changes()),
        ):
            counts[name], digests[name] = _write_lines(archive, name, rows)
        for name, text in (
            ("schema.json", _as_text(_schema())),
            ("codebook.json", _as_text(_codebook())),
            ("LICENCE.txt", f"{settings.DATA_LICENCE or _no_licence()}\n"),
        ):
            archive.writestr(name, text)
            digests[name] = hashlib.sha256(text.encode()).hexdigest()
        manifest = {"made_at": now, "site": settings.PUBLIC_URL, "lines": counts, "sha256": digests}
        archive.writestr("manifest.json", _as_text(manifest))
    return counts


def _no_licence() -> str:
    """That none was given, and whom to ask where somebody is named who can be asked."""
    if not settings.PUBLISHER_CONTACT:
        return NO_LICENCE
    who, where = settings.PUBLISHER_NAME, settings.PUBLISHER_CONTACT
    return f"{NO_LICENCE} Ask {who} before you publish this data again: {where}"


def _write_lines(archive: ZipFile, name: str, rows: Iterable[Any]) -> tuple[int, str]:
    digest, number = hashlib.sha256(), 0
    with archive.open(name, "w", force_zip64=True) as raw, io.BufferedWriter(raw, 1 << 16) as out:
        for row in rows:
            line = f"{json.dumps(row, cls=JSONEncoder, ensure_ascii=False)}\n".encode()
            digest.update(line)
            out.write(line)
            number += 1
    return number, digest.hexdigest()


def _as_text(facts: Any) -> str:
    return json.dumps(facts, cls=JSONEncoder, ensure_ascii=False, indent=1) + "\n"


def _clinics(now: datetime) -> Iterator[Any]:
    for clinic in in_full(shown().order_by("pk"), now.date()).iterator(chunk_size=CHUNK):
        yield ClinicSerialiser(clinic, context={}).data


def _tombstones() -> Iterator[dict[str, Any]]:
    """What was public and is not any more: dates and reasons alone."""
    for clinic in Clinic.objects.filter(status=Clinic.Status.DELISTED).order_by("pk").iterator():
        said = statements.status_of(clinic)
        text = said.text if said else ""
        yield {"kind": "clinic", "id": clinic.public_id, "ended_at": clinic.status_since, "sentence": text}
    merged = Clinic.objects.filter(merged_into__status__in=(*SHOWN, Clinic.Status.DELISTED)).order_by("pk")
    for public_id, survivor in merged.values_list("public_id", "merged_into__public_id").iterator():
        yield {"kind": "merged_clinic", "id": public_id, "merged_into": survivor}
    for claim in Claim.objects.withdrawn().filter(clinic__status__in=SHOWN).select_related("clinic").order_by("pk"):
        yield _withdrawn("statement", claim, statements.withdrawal(claim))
    actions = OfficialAction.objects.withdrawn().filter(clinic__status__in=SHOWN)
    for action in actions.select_related("clinic").order_by("pk"):
        yield _withdrawn("official_action", action, statements.action_withdrawal(action))


def _withdrawn(kind: str, row: Any, sentence: str) -> dict[str, Any]:
    facts = {"published_at": row.published_at, "ended_at": row.ended_at, "sentence": sentence}
    return {"kind": kind, "id": row.public_id, "clinic": row.clinic.public_id, **facts}


def _changes() -> Iterator[dict[str, Any]]:
    for change in history.changes(Clinic.objects.all(), history.MOST):
        yield {
            "at": change.at,
            "kind": change.kind,
            "clinic": change.clinic_id,
            "text": change.text,
            "quote": change.quote,
            "detail": change.detail,
            "url": f"{settings.PUBLIC_URL}{change.path}",
        }


def _schema() -> dict[str, Any]:
    """What a line of clinics.jsonl holds, in the words of the interface's schema."""
    whole = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    parts: dict[str, Any] = whole["components"]["schemas"]
    return {"clinics.jsonl": {"$ref": "#/components/schemas/ClinicSerialiser"}, "components": {"schemas": parts}}


def _codebook() -> dict[str, Any]:
    """Every value of every vocabulary in both languages."""
    book: dict[str, dict[str, dict[str, str]]] = {}
    for language in LANGUAGES:
        with translation.override(language):
            vocabulary = load_vocabulary()
            for facet in FACETS:
                for value, label in vocabulary.options(facet):
                    book.setdefault(facet, {}).setdefault(value, {})[language] = str(label)
    return book
