"""How a page for visitors is answered: its template, and the way to it in the other language."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import translate_url
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control

fresh = cache_control(no_cache=True)  # what is withdrawn is gone at once; the ETag spares the rest


def other_languages(request: HttpRequest) -> list[tuple[str, str, str]]:
    """Code, name and address of this page in each other language, with the same parameters."""
    here = get_language()
    path = request.get_full_path()
    return [(code, name, translate_url(path, code)) for code, name in settings.LANGUAGES if code != here]


def in_languages(request: HttpRequest) -> list[tuple[str, str]]:
    """Code and full address of this page in every language, without parameters."""
    return [(code, request.build_absolute_uri(translate_url(request.path, code))) for code, _ in settings.LANGUAGES]


def site_of(request: HttpRequest) -> str:
    """The address of this site, without a stroke at its end, for what is read elsewhere."""
    return request.build_absolute_uri("/").rstrip("/")


@fresh
def show(request: HttpRequest, template: str, context: Mapping[str, Any] | None = None) -> HttpResponse:
    """A page of the directory."""
    shown = {
        **(context or {}),
        "other_languages": other_languages(request),
        "canonical": request.build_absolute_uri(request.path),
        "in_languages": in_languages(request),
    }
    return render(request, f"directory/{template}.html", shown)
