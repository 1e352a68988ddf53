"""The fields of this room's forms. Rules are the services': what they refuse is shown at its field."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from metacity.commons.errors import CityError
from metacity.commons.forms import offer
from participation.moderation.models.appeals import APPEAL_LENGTH
from participation.moderation.models.cases import REPORT_LENGTH
from participation.moderation.models.decisions import WORDS_LENGTH
from participation.moderation.outcomes import Outcome
from participation.moderation.policy import policy

# Outcomes as something one does; `Outcome` names them as something done.
DECIDE = {
    Outcome.KEEP: _("Keep it: it is not against the rules"),
    Outcome.HIDE: _("Hide it from others"),
    Outcome.TEMPORARY: _("Hide it for a time"),
    Outcome.RESTORE: _("Show it to everybody again"),
    Outcome.CLOSE: _("Close the case: it is no longer there"),
}


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
    errors = {"required": _("Please fill this in.")}
    return forms.CharField(
        label=label, help_text=help_text, strip=False, widget=widget, error_messages=errors, **kwargs
    )


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
        REPORT_LENGTH,
        required=False,
    )


class DecisionForm(PlainForm):
    """What a moderator decides about a case."""

    outcome = forms.ChoiceField(
        label=_("What is to happen?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one of the outcomes.")},
    )
    rule = forms.ChoiceField(label=_("Rule that it rests on"), choices=reason_choices)
    days = forms.IntegerField(
        label=_("Days, when hidden for a time"),
        help_text=_("From 1 to 30. It is shown again by itself afterwards, unless something else is decided."),
        required=False,
    )
    words = text_field(
        _("Reason in words"),
        _("The author reads this. Say which words are meant, and how they could be put otherwise."),
        WORDS_LENGTH,
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, outcomes: list[Outcome], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "outcome", [(outcome.value, DECIDE[outcome]) for outcome in outcomes])
        self.fields["words"].required = Outcome.CLOSE not in outcomes
        if Outcome.TEMPORARY not in outcomes:
            del self.fields["days"]


class AppealForm(PlainForm):
    """Why a measure was wrong, as its author sees it."""

    words = text_field(
        _("Why should it be shown again?"),
        _("Somebody other than the one who decided reads this and answers you."),
        APPEAL_LENGTH,
    )


class AppealAnswerForm(PlainForm):
    """The second look."""

    verdict = forms.ChoiceField(
        label=_("What do you decide?"),
        choices=[("upheld", _("The measure stays")), ("granted", _("The objection is right: show it again"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one of the two.")},
    )
    words = text_field(_("Reason in words"), _("The author reads this."), APPEAL_LENGTH)

    @property
    def grants(self) -> bool:
        return bool(self.cleaned_data["verdict"] == "granted")
