"""The fields of the three screens. A draft keeps what was typed whether or not a form likes it."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from metacity.commons.i18n import localised
from participation.processes.models import Process
from participation.proposals.content import checked
from participation.proposals.errors import InvalidContent
from participation.proposals.models.proposals import REASON_LENGTH, TEXT_LENGTH, TITLE_LENGTH

# Fields are a little wider than what fits, so that a paste is not cut in silence: the answer says how long it is.
MARGIN = 2


class Wish(models.TextChoices):
    """Most first posts are complaints; those are handled faster elsewhere."""

    PROPOSAL = "proposal", _("A proposal: something new or better for the district")
    COMPLAINT = "complaint", _("A complaint: something broken, dangerous or wrong right now")


class WhatForm(forms.Form):
    """Screen 1: what is it about."""

    use_required_attribute = False

    wish = forms.ChoiceField(
        label=_("Is it a complaint or a proposal?"),
        choices=Wish.choices,
        initial=Wish.PROPOSAL,
        widget=forms.RadioSelect,
    )
    process = forms.ChoiceField(label=_("Project"), widget=forms.RadioSelect)
    title = forms.CharField(
        label=_("Title"),
        help_text=_("Say it in one line, so that a neighbour knows at once what you would like."),
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-count": TITLE_LENGTH, "enterkeyhint": "next"}),
    )
    text = forms.CharField(
        label=_("What and why"),
        help_text=_("What should be different? For whom, and why here? Leave out phone numbers and names of others."),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "data-count": TEXT_LENGTH}),
    )
    reason = forms.CharField(
        label=_("What did you change?"),
        help_text=_("One line for those who read the earlier version."),
        required=False,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-count": REASON_LENGTH}),
    )

    def __init__(self, *args: Any, processes: list[Process], revises: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("title", "text"):
            self.fields[name].error_messages["required"] = _("Please fill this in.")
        if revises:
            del self.fields["wish"], self.fields["process"]
            return
        del self.fields["reason"]
        slugs = [(process.slug, localised(process, "title")) for process in processes]
        choices = self.fields["process"]
        choices.choices = slugs  # type: ignore[attr-defined]
        choices.initial = slugs[0][0] if slugs else ""

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        try:
            checked(title=fields.get("title", ""), text=fields.get("text", ""), reason=fields.get("reason", ""))
        except InvalidContent as refusal:
            for name, faults in refusal.fields.items():
                if name in self.fields and name not in self.errors:
                    self.add_error(name, faults)
        return fields

    @property
    def is_complaint(self) -> bool:
        return "wish" in self.fields and self.data.get("wish") == Wish.COMPLAINT


class CheckForm(forms.Form):
    """Screen 3: that it becomes public is understood."""

    use_required_attribute = False

    public = forms.BooleanField(
        label=_("I know that everybody can read my proposal, with the name shown above."),
        error_messages={"required": _("Please confirm this before you submit.")},
    )


class WithdrawForm(forms.Form):
    """Asked before something that cannot be undone."""

    sure = forms.BooleanField(label=_("Yes, withdraw this proposal."), required=True)
