"""Template tags: a small link from a word to the page that explains it, and nothing where no page does."""

from typing import Any

from django import template

from clinics.published import understanding

register = template.Library()


@register.inclusion_tag("directory/understand_link.html")
def explain(kind: str, key: str, state_heading: str = "") -> dict[str, Any]:
    """For a word of a vocabulary, or a public category of statements; about states' laws, to that heading."""
    return {"link": understanding.link_for(kind, str(key or ""), state_heading)}


@register.inclusion_tag("directory/understand_link.html")
def explain_facet(facet: str) -> dict[str, Any]:
    """For a facet as a whole."""
    return {"link": understanding.link_for_facet(facet), "is_named": True}
