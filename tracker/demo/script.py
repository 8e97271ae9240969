"""What the demonstration's clinics say, and when they change it: data files read into plain objects."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from string import Template
from typing import Any, Final

CLINICS: Final = Path(__file__).parent / "clinics"


@dataclass(frozen=True, slots=True)
class Face:
    """One version of a page: its status and what stands between the site's head and foot."""

    title: str
    description: str
    body: str
    status: int = 200
    cookie_banner: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """From `after` seconds on, the page looks like `face`. `what` tells a newcomer what happened."""

    after: float
    what: str
    face: Face


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a site: its first face and its changes, in the order of time. The last one stays.

    A page that is not `linked` stands in the site's sitemap only.
    """

    first: Face
    changes: tuple[Change, ...] = ()
    linked: bool = True

    def at(self, seconds: float) -> Face:
        """The page's face `seconds` after the first visit."""
        return next((change.face for change in reversed(self.changes) if change.after <= seconds), self.first)


@dataclass(frozen=True, slots=True)
class Site:
    """All that one host serves."""

    host: str
    name: str
    language: str
    robots: str
    pages: Mapping[str, Page]
    frame: Template

    def render(self, face: Face) -> str:
        """The whole document of one face."""
        linked = ((path, page) for path, page in self.pages.items() if page.linked)
        links = "".join(f'<li><a href="{path}">{page.first.title}</a></li>' for path, page in linked)
        return self.frame.substitute(
            name=self.name,
            language=self.language,
            links=links,
            title=face.title,
            description=face.description,
            body=face.body,
            cookie_banner=face.cookie_banner,
        )

    def sitemap(self) -> str:
        """All pages of the site, as sitemaps.org has it."""
        entries = "".join(f"<url><loc>https://{self.host}{path}</loc></url>" for path in self.pages)
        head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        return f"{head}{entries}</urlset>\n"


def load_sites(folder: Path = CLINICS) -> dict[str, Site]:
    """All sites by host. Raises ValueError where a change edits words that do not stand on its page."""
    frame = Template((folder / "frame.html").read_text(encoding="utf-8"))
    return {file.parent.name: _site(file, frame) for file in sorted(folder.glob("*/site.json"))}


def _site(file: Path, frame: Template) -> Site:
    told = json.loads(file.read_text(encoding="utf-8"))
    pages = {path: _page(page, file.parent) for path, page in told["pages"].items()}
    return Site(file.parent.name, told["name"], told["language"], "\n".join(told["robots"]) + "\n", pages, frame)


def _page(told: Mapping[str, Any], folder: Path) -> Page:
    face = first = Face(told["title"], told["description"], (folder / told["file"]).read_text(encoding="utf-8"))
    changes = []
    for step in told.get("changes", []):
        face = _edited(face, step, folder)
        changes.append(Change(step["after"], step["what"], face))
    return Page(first, tuple(changes), told.get("linked", True))


def _edited(face: Face, step: Mapping[str, Any], folder: Path) -> Face:
    body = face.body
    if "file" in step:
        body = (folder / step["file"]).read_text(encoding="utf-8")
    for before, after in step.get("replace", []):
        if body.count(before) != 1:
            raise ValueError(f"{folder.name}: {before!r} must stand on the page once, not {body.count(before)} times.")
        body = body.replace(before, after)
    return replace(
        face,
        body=body,
        title=step.get("title", face.title),
        status=step.get("status", face.status),
        cookie_banner=step.get("cookie_banner", face.cookie_banner),
    )
