"""A ZIP of files with their hashes, a verifier that needs only Python, and a plain statement of what it proves."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from clinics.evidence.pack_verifier import HASH_OF_MANIFEST, MANIFEST

_VERIFIER: Final = Path(__file__).with_name("pack_verifier.py")

README: Final = """\
EVIDENCE PACK
{title}
Made {made_at} UTC from the records of {publisher}

To verify:  python3 verify.py
(Python 3.8 or newer, nothing else. It opens no connection. It names every file that was altered.)

What is in it
  quotes.txt        the words that were quoted, in their context, and where they stood
  captures/*.warc   the exchange with the web server: addresses, headers, the page as it came. Opens in any WARC viewer.
                    Request and response were set down by our program; the body stands unpacked.
  captures/*.document (or .pdf, .png …)  the page or file itself, byte for byte. Do not open web pages of others in a
                    browser that holds your log-ins.
  captures/*.blocks.json the text that our program took out of it (JSON)
  rows.json         the rows of our database on which the quote rests, each with its hash and its way to a seal
  seals.json        the seals of the days from the first of these rows on, each with the hash of the one before
  stamps/*.tsr      where an authority was asked: its signed answer (RFC 3161) that it saw a seal's hash, and when. Not
                    looked at by verify.py. To verify with OpenSSL, where HASH is the seal's in seals.json and roots.pem
                    the authority's certificate, fetched from the authority itself:
                    openssl ts -verify -digest HASH -in stamps/seal-N.tsr -CAfile roots.pem
  manifest.json     the SHA-256 of every file; manifest.sha256 has its own

What it proves, if verify.py passes
  - No file in this pack was altered since the pack was made.
  - The rows and captures are those that were sealed on the days that the seals name, if the newest seal's hash is the
    same as in a copy that was kept out of our reach (in an e-mail, on paper, in another pack). Compare it.
  - Whoever held such a copy can be sure that nothing older was altered or slipped in since.

What it does not prove
  - That the server sent these bytes. We set down what we received; nobody else witnessed it. The seal says by when we
    had it at the latest, by our own clock; only a file in stamps/ says it by the clock of an authority.
  - Anything about the time before the first seal, or about rows that verify.py calls "not sealed yet".
  - That everybody saw the same page: servers may answer differently by place, time and reader.
  - That what is quoted is true, untrue or unlawful. It is what stood there.
"""


def build_pack(
    files: Mapping[str, bytes],
    rows: Sequence[Mapping[str, Any]],
    seals: Sequence[Mapping[str, Any]],
    *,
    title: str,
    publisher: str,
    about: Mapping[str, Any],
    made_at: datetime,
) -> bytes:
    """The ZIP as bytes. `about` goes into the manifest as it is."""
    everything = {
        **files,
        "rows.json": _json(rows),
        "seals.json": _json(seals),
        "README.txt": README.format(title=title, publisher=publisher, made_at=f"{made_at:%Y-%m-%d %H:%M}").encode(),
        "verify.py": _VERIFIER.read_bytes(),
    }
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(everything.items())}
    manifest = _json({**about, "made_at": made_at.isoformat(), "files": hashes})
    everything[MANIFEST] = manifest
    everything[HASH_OF_MANIFEST] = f"{hashlib.sha256(manifest).hexdigest()}  {MANIFEST}\n".encode()
    return _zipped(everything, made_at)


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _zipped(files: Mapping[str, bytes], made_at: datetime) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, made_at.timetuple()[:6])
            entry.external_attr = 0o644 << 16
            pack.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
