"""The forms by which a clinic answers: what it says about which statements, and how it proves that it is the clinic."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from clinics.directory.correction_forms import LINK, MOST_LINKS, PlainText, ReportForm
from clinics.operations.corrections import answers

KINDS: Final = (
    ("dispute", _("The record is wrong: we say what is wrong in it, and ask you to withdraw or correct it")),
    ("reply", _("The record is right, and we want our words to be shown beside it")),
)
TOO_LONG: Final = _("A reply has at most %(most)s characters; this one has %(has)s.")


class PointForm(forms.Form):
    """What is said about one statement. Untouched, it says nothing."""

    use_required_attribute = False
    on = forms.BooleanField(label=_("We answer this statement"), required=False)
    kind = forms.ChoiceField(label=_("What do you say?"), choices=KINDS, widget=forms.RadioSelect, required=False)
    text = PlainText(
        label=_("Your words"),
        required=False,
        max_length=answers.LONGEST_DISPUTE,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean(self) -> dict[str, Any]:
        """Refuses a statement that is ticked and not answered, or answered by halves."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        text, kind = given.get("text", ""), given.get("kind", "")
        if not self.is_used:
            return given
        if not text and "text" not in self.errors:
            self.add_error("text", _("Write what you say about this statement."))
        if not kind and "kind" not in self.errors:
            self.add_error("kind", _("Say whether the record is wrong, or your words are to be shown beside it."))
        if kind == "reply" and len(text) > answers.LONGEST_REPLY:
            told = {"most": answers.LONGEST_REPLY, "has": len(text)}
            self.add_error("text", ValidationError(TOO_LONG, params=told))
        if len(LINK.findall(text)) > MOST_LINKS:
            self.add_error("text", _("Leave out some of the links: at most five."))
        return given

    @property
    def is_used(self) -> bool:
        """Whether anything was ticked or written here."""
        if not self.is_bound:
            return bool(self.initial.get("on"))
        return any(str(self.data.get(self.add_prefix(name), "")).strip() for name in ("on", "text"))

    @property
    def point(self) -> answers.Point:
        """What was said, once it is valid."""
        given = self.cleaned_data
        return answers.Point(str(self.prefix), given["kind"], given["text"])


class ProofForm(forms.Form):
    """How it is to be proved that the clinic sends it: only the ways that are open for this clinic."""

    way = forms.ChoiceField(label=_("How do you prove that you speak for the clinic?"), widget=forms.RadioSelect)
    local_part = PlainText(label=_("Your address at this domain, before the @"), required=False, max_length=64)

    def __init__(self, ways: answers.Ways, data: QueryDict | None = None, initial: Mapping[str, Any] | None = None):
        super().__init__(data, initial=dict(initial or {}))
        self.offer(ways)

    def offer(self, ways: answers.Ways) -> None:
        """Give it the ways that are open."""
        told = {
            "mail": _("Mail: we send a code to your address at the domain of your web site"),
            "token": _("Web site: you put a line that we show you on your web site, and our reader looks for it"),
            "call": _("Telephone: our staff call the number that is recorded for the clinic"),
        }
        self.ways = ways
        choices: Sequence[tuple[str, Any]] = [(way, told[way]) for way in ways.open]
        self.fields["way"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A code needs an address."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        local = given.get("local_part", "").strip().removesuffix(f"@{self.ways.mail}")
        if given.get("way") == "mail" and not answers.LOCAL_PART.fullmatch(local):
            self.add_error("local_part", _("Write the part of your mail address that stands before the @."))
        return {**given, "local_part": local}


class AnswerForm(ProofForm, ReportForm):
    """Who answers, and the proof."""

    sender = PlainText(label=_("Your name and your office at the clinic"), max_length=200)


class CodeForm(forms.Form):
    """The code from the mail."""

    code = PlainText(label=_("The code from the mail"), max_length=40)
