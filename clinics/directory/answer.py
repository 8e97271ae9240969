"""How a page for visitors is answered: its template, and the way to it in the other language."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import translate_url
from django.utils.translation import get_language


def other_languages(request: HttpRequest) -> list[tuple[str, str, str]]:
    """Code, name and address of this page in each other language, with the same parameters."""
    here = get_language()
    path = request.get_full_path()
    return [(code, name, translate_url(path, code)) for code, name in settings.LANGUAGES if code != here]


def show(request: HttpRequest, template: str, context: Mapping[str, Any] | None = None) -> HttpResponse:
    """A page of the directory."""
    shown = {**(context or {}), "other_languages": other_languages(request)}
    return render(request, f"directory/{template}.html", shown)
