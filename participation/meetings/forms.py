"""The fields of meetings: what the chair types while leading one, what the clerk writes, what the office plans."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from metacity.accounts.models import User
from metacity.commons.errors import CityError
from metacity.commons.forms import offer
from participation.meetings.kinds import RestrictionKind
from participation.meetings.models import Seat, Speech
from participation.meetings.models.meetings import DECISION_LENGTH, PLACE_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from participation.meetings.models.messages import MESSAGE_LENGTH
from participation.meetings.models.minutes import MINUTES_LENGTH
from participation.meetings.models.polls import QUESTION_LENGTH
from participation.meetings.models.seats import REASON_LENGTH
from participation.meetings.models.speeches import CALL_REASON_LENGTH
from participation.processes.kinds import Level
from participation.processes.models import Process


class KeepingForm(forms.Form):
    """A form that a service refused keeps what was typed and says what was wrong beside its field."""

    use_required_attribute = False

    def refused(self, error: CityError) -> None:
        if not error.fields:
            self.add_error(None, str(error.message))
        for name, texts in error.fields.items():
            for text in texts:
                self.add_error(name if name in self.fields else None, text)


def line(label: Any, most: int, help_text: Any = "", **fields: Any) -> forms.CharField:
    """One line of at most `most` characters, which the service counts."""
    widget = forms.TextInput(attrs={"autocomplete": "off", "data-count": most})
    return forms.CharField(label=label, help_text=help_text, strip=False, widget=widget, **fields)


class MessageForm(KeepingForm):
    text = line(
        _("Message"),
        MESSAGE_LENGTH,
        _("Everybody reads it, and it is kept. Leave out phone numbers and names of others."),
    )


# Forms of whoever chairs


class ActForm(forms.Form):
    """Everything an act may carry, as to its shape; what is missing or too long, the services say."""

    act = forms.CharField(max_length=20)
    turn = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    item = forms.UUIDField(required=False)
    speech = forms.UUIDField(required=False)
    seat = forms.UUIDField(required=False)
    restriction = forms.UUIDField(required=False)
    kind = forms.TypedChoiceField(
        choices=RestrictionKind.choices, required=False, coerce=RestrictionKind, empty_value=None
    )
    minutes = forms.IntegerField(required=False, min_value=1, max_value=10_000)
    reason = forms.CharField(required=False, strip=False)
    question = forms.CharField(required=False, strip=False)
    text = forms.CharField(required=False, strip=False)


class PollForm(KeepingForm):
    question = line(
        _("Question"), QUESTION_LENGTH, _("So that yes, no and abstain are clear answers. Nobody can change it later.")
    )


class DecisionForm(KeepingForm):
    text = line(_("Decision on this item"), DECISION_LENGTH, _("One sentence. It will stand in the minutes."))


class CallForm(KeepingForm):
    speech = forms.ChoiceField(label=_("Who"))
    reason = line(_("Reason"), CALL_REASON_LENGTH, _("Everybody sees it beside the name."))

    def __init__(self, *args: Any, queue: Iterable[Speech], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "speech", [(str(speech.id), speech.seat.name) for speech in queue])


class RestrictForm(KeepingForm):
    seat = forms.ChoiceField(label=_("Who"))
    kind = forms.ChoiceField(label=_("What is stopped"), choices=RestrictionKind.choices, widget=forms.RadioSelect)
    minutes = forms.IntegerField(
        label=_("For how many minutes"), required=False, initial=10, help_text=_("A removal lasts to the end.")
    )
    reason = line(_("Reason"), REASON_LENGTH, _("The person is told. Say which rule was broken."))

    def __init__(self, *args: Any, seats: Sequence[Seat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "seat", [(str(seat.id), seat.name) for seat in seats])


# Forms of the clerk and of whoever approves


class MinutesForm(KeepingForm):
    text = forms.CharField(
        label=pgettext_lazy("record", "Minutes"),
        help_text=_("A line that begins with ## is a heading, one that begins with - an entry of a list."),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 28, "data-count": MINUTES_LENGTH}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32_000)


class ReturnForm(KeepingForm):
    reason = line(_("What should be changed"), REASON_LENGTH)


# Forms of the office


class MeetingForm(KeepingForm):
    """What is planned. The people of the office are those who may lead or write."""

    title = line(_("Title"), TITLE_LENGTH)
    title_en = line(_("Title in English"), 120, required=False)
    summary = forms.CharField(
        label=_("What it is about"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "data-count": TEXT_LENGTH}),
    )
    starts_at = forms.DateTimeField(
        label=_("Begins"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    ends_at = forms.DateTimeField(
        label=_("Ends"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    place = line(
        _("Place"), PLACE_LENGTH, _("In words, with the room. A place of the city that has this name is linked.")
    )
    process = forms.ModelChoiceField(label=_("Project"), queryset=Process.objects.none(), required=False)
    proposal_number = forms.IntegerField(
        label=_("Number of the idea that it is about"), required=False, min_value=1, max_value=10_000_000
    )
    speak_level = forms.ChoiceField(label=_("Who may speak and vote"), choices=Level.choices, initial=Level.IDENTIFIED)
    chair = forms.ModelChoiceField(label=_("Chair"), queryset=User.objects.none())
    deputy = forms.ModelChoiceField(label=_("Deputy"), queryset=User.objects.none(), required=False)
    clerk = forms.ModelChoiceField(label=_("Clerk"), queryset=User.objects.none())

    def __init__(self, *args: Any, processes: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["process"].queryset = processes  # type: ignore[attr-defined]
        for name in ("chair", "deputy", "clerk"):
            self.fields[name].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        starts_at, ends_at = told.get("starts_at"), told.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", _("A meeting ends after it begins."))
        return told


class ItemForm(KeepingForm):
    title = line(_("Item"), TITLE_LENGTH)
    title_en = line(_("Item in English"), 120, required=False)
    text = forms.CharField(
        label=_("What is to be discussed"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-count": TEXT_LENGTH}),
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=240, initial=15)
    proposal_number = forms.IntegerField(
        label=_("Number of the idea that it is about"), required=False, min_value=1, max_value=10_000_000
    )
