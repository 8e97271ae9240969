"""The languages in which quoted words may be, as a form offers them."""

from typing import Final

from clinics.domain.vocabulary import load_vocabulary

LANGUAGES: Final = [(term.key, term.english) for term in load_vocabulary() if term.kind == "language"]
"""Those of the vocabulary that comes with the tracker: what everybody reads names them by key."""
