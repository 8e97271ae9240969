"""Template filters for what people typed: marked, or told, where it is in another language than the visitor's."""

from django import template

from clinics.published.sentences import as_typed, tongue_of

register = template.Library()


@register.filter
def typed(text: object) -> str:
    """The text, with its language around it where that is not the visitor's."""
    return as_typed(str(text or ""))


@register.filter
def tongue(text: object) -> str:
    """The language of a text, for a `lang` attribute."""
    return tongue_of(str(text or ""))
