"""The fields of this room's forms. Rules are the services'."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from metacity.accounts.models import User
from metacity.commons.forms import offer
from participation.moderation.forms import PlainForm, reason_choices, text_field
from participation.moderation.policy import policy
from participation.presence.models import REASON_LENGTH

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
PERIODS: dict[str, dt.timedelta] = {"hour": HOUR, "day": DAY, "week": 7 * DAY, "month": 30 * DAY, "year": 365 * DAY}
PERIOD_LABELS = [
    ("hour", _("One hour")),
    ("day", _("One day")),
    ("week", _("Seven days")),
    ("month", _("30 days")),
    ("year", _("365 days")),
]


class RemovalForm(PlainForm):
    """Whom to take out of the city, by which rule, and for how long."""

    person = forms.ChoiceField(
        label=_("Person"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose the person."), "invalid_choice": _("Please choose the person.")},
    )
    rule = forms.ChoiceField(label=_("Rule that it rests on"), choices=reason_choices)
    period = forms.ChoiceField(label=_("For how long"), choices=PERIOD_LABELS, initial="day")
    words = text_field(_("Reason in words"), _("The person reads this together with the rule."), 300)

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", [(str(person.pk), person.display_name) for person in people])

    @property
    def length(self) -> dt.timedelta:
        return PERIODS[self.cleaned_data["period"]]

    @property
    def reason(self) -> str:
        """The rule and the words, as the person reads them."""
        told = f"{policy().title_of(self.cleaned_data['rule'])}. {self.cleaned_data['words'].strip()}"
        return told[:REASON_LENGTH]
