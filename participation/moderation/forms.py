"""The fields of this room's forms. Rules are the services': what they refuse is shown at its field."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from metacity.commons.errors import CityError
from participation.moderation.policy import policy


class PlainForm(forms.Form):
    """Takes whatever is typed, and shows what a service refuses."""

    use_required_attribute = False

    def refused(self, refusal: CityError) -> None:
        """Each fault at its field; what is about no field on top."""
        for name, faults in refusal.fields.items():
            self.add_error(name if name in self.fields else None, faults)
        if not refusal.fields:
            self.add_error(None, str(refusal.message))


def text_field(label: Any, help_text: Any, most: int, **kwargs: Any) -> forms.CharField:
    """Several lines with a counter; longer texts come back with what is wrong instead of being cut."""
    widget = forms.Textarea(attrs={"rows": 5, "data-count": most})
    return forms.CharField(label=label, help_text=help_text, strip=False, widget=widget, **kwargs)


def reason_choices() -> list[tuple[str, str]]:
    return [(reason.code, reason.title) for reason in policy().reasons]


class ReportForm(PlainForm):
    """Why something is reported."""

    reason = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=reason_choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose what is wrong."),
            "invalid_choice": _("Please choose what is wrong."),
        },
    )
    words = text_field(
        _("Tell more"),
        _("Moderators alone read this. If your rights are infringed, please say what does harm and how."),
        1000,
        required=False,
    )
