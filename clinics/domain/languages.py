"""In which of the directory's two languages a short text was typed, told by its words and their endings."""

import re
import unicodedata
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_SPANISH: Final = re.compile(
    r"al|como|con|de|del|desde|el|en|es|hasta|la|las|lo|los|mas|nuestr[oa]s?|para|por|que|se|sin|sobre|su|sus|un|una|y"
    r"|\w{3,}[ao]s?|\w+(?:cion|ciones|dad|dades|mente)"
)
_ENGLISH: Final = re.compile(
    r"an|and|at|by|for|from|has|in|is|not|of|on|or|our|that|the|this|to|we|with|without|you|your"
    r"|\w*(?:w|k|th|sh|ee|oo)\w*|\w+(?:'s|ion|ions|ing|ings|ly|[^aeou]y|[^aeiou]ies)"
    r"|\w+[bcdfghmpt]|\w+[^aeiouy]s|\w+[^aeiouy][bcdfghlmnprt]"
)


def language_of(text: str) -> str:
    """“en” or “es”; English where the words show neither, as staff type it; "" where there are none but initials."""
    found = [word for word in _WORD.findall(unicodedata.normalize("NFC", text)) if len(word) == 1 or not word.isupper()]
    words = [
        word for place, word in enumerate(found) if not place or word.islower()
    ]  # a name tells nothing of the rest
    if not words:
        return ""
    plain = [word.lower() for word in words if word == _without_accents(word)]
    accented = len(words) - len(plain)
    spanish = accented + sum(_SPANISH.fullmatch(_without_accents(word.lower())) is not None for word in words)
    english = sum(_ENGLISH.fullmatch(word) is not None for word in plain)
    return "es" if spanish > english else "en"


def _without_accents(word: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign))
