"""The fields of votes: the ballot, the search for a receipt, and the office's."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from metacity.accounts.districts import district_label
from metacity.commons.forms import offer
from participation.processes.kinds import Level
from participation.voting.content import OLDEST_ASKED, PollContent, checked
from participation.voting.errors import InvalidPoll
from participation.voting.models import Choice, Majority, Poll
from participation.voting.models.polls import MEANING_LENGTH, QUESTION_LENGTH, REASON_LENGTH, TEXT_LENGTH, YOUNGEST


class ChoiceForm(forms.Form):
    """The ballot. `key` is drawn with the page, before anybody has chosen: see `receipts`."""

    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput)
    choice = forms.ChoiceField(
        label=_("Your answer"),
        choices=Choice.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one of the answers.")},
    )


class ReceiptForm(forms.Form):
    """Typed from paper: capitals, dashes and blanks are as one likes."""

    use_required_attribute = False

    receipt = forms.CharField(
        label=_("Receipt number"),
        help_text=_("Sixteen letters and digits. Dashes need not be typed."),
        max_length=80,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "data-fragment": ""}
        ),
        error_messages={"required": _("Please enter the number of your receipt.")},
    )


class _Moment(forms.DateTimeField):
    """A day and a time in the service's time zone, typed into the browser's own field."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(
            widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"], **kwargs
        )


class PollForm(forms.Form):
    """Everything that a poll is decided by."""

    use_required_attribute = False

    question = forms.CharField(
        label=pgettext_lazy("vote", "Question"),
        help_text=_("One question that can be answered with yes or no."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-count": QUESTION_LENGTH}),
    )
    question_en = forms.CharField(label=_("Question in English"), required=False)
    text = forms.CharField(
        label=_("What people should know"),
        help_text=_("What would happen, what it costs, what speaks for and against it."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "data-count": TEXT_LENGTH}),
    )
    text_en = forms.CharField(label=_("The same in English"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    meaning = forms.CharField(
        label=_("What the result means"),
        help_text=_("What the office does when it is accepted and when it is not, and by when."),
        widget=forms.Textarea(attrs={"rows": 3, "data-count": MEANING_LENGTH}),
    )
    meaning_en = forms.CharField(
        label=_("What the result means, in English"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    min_level = forms.ChoiceField(
        label=pgettext_lazy("vote", "Identity"),
        choices=Level.choices,
        initial=Level.IDENTIFIED,
        widget=forms.RadioSelect,
    )
    districts = forms.MultipleChoiceField(
        label=_("Neighbourhoods"),
        help_text=_("None chosen: wherever people live."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    min_age = forms.IntegerField(
        label=_("Least age"),
        help_text=_("Counted by the year of birth, because nothing else is kept. Empty: no limit."),
        required=False,
        min_value=YOUNGEST,
        max_value=OLDEST_ASKED,
    )
    majority = forms.ChoiceField(
        label=_("When it is accepted"), choices=Majority.choices, initial=Majority.SIMPLE, widget=forms.RadioSelect
    )
    quorum_percent = forms.IntegerField(
        label=_("How many percent of the roll have to take part"),
        help_text=_("Empty: no limit."),
        required=False,
        min_value=1,
        max_value=100,
    )
    opens_at = _Moment(label=pgettext_lazy("vote", "Opens"))
    closes_at = _Moment(label=pgettext_lazy("vote", "Closes"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "districts", [(name, district_label(name)) for name in settings.DISTRICTS])
        self.content: PollContent | None = None

    @classmethod
    def of(cls, poll: Poll) -> "PollForm":
        """The form as it stands for a draft."""
        return cls(initial={name: getattr(poll, name) for name in cls.base_fields})

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        if not self.errors:
            try:
                self.content = checked(**fields)
            except InvalidPoll as refusal:
                for name, faults in refusal.fields.items():
                    self.add_error(name, faults)
        return fields


class ReasonForm(forms.Form):
    """What everybody reads about an act of the office."""

    use_required_attribute = False

    reason = forms.CharField(
        label=pgettext_lazy("vote", "Reason"),
        help_text=_("Everybody can read it on the page of the vote."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Please give the reason. Everybody can read it.")},
    )


class ExtendForm(ReasonForm):
    until = _Moment(label=_("New closing time"))

    field_order = ["until", "reason"]
