"""The forms of what officials do with a proposal. What they hold once they are valid is what the service takes."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from metacity.commons import clocks, workdays
from metacity.commons.errors import CityError
from metacity.commons.forms import offer, offer_typed
from participation.proposals.models import Decision, Proposal
from participation.proposals.models.answers import ANSWER_LENGTH, CORRECTION_LENGTH, NEXT_LENGTH, REMARK_LENGTH
from participation.proposals.office.desk import Desk
from participation.proposals.officework import (
    OFFICE_NAME_LENGTH,
    WORDS_LENGTH,
    Channel,
    ReturnReason,
    checked_answer,
    today_of,
)
from participation.proposals.states import DECIDED, may_follow

Told = dict[str, Any]
SUPPLEMENT_DAYS = 7


def words_field(label: Any, help_text: Any = "", *, rows: int = 4, length: int = WORDS_LENGTH) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "data-count": length})
    return forms.CharField(label=label, help_text=help_text, strip=False, widget=widget)


def date_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


class ActForm(forms.Form):
    """A form about one proposal. Ids carry the act's name, because a page holds many."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, desk: Desk, act: str) -> None:
        super().__init__(data, auto_id=f"{act}-%s")
        self.desk = desk
        self.prepare()

    def prepare(self) -> None:
        """Choices and what is filled in, from the desk."""

    def told(self) -> Told:
        """What the service takes."""
        return self.cleaned_data

    def refuse(self, refusal: CityError) -> None:
        """Show what the service refused: at its fields, or above them all."""
        faults = {name: texts for name, texts in refusal.fields.items() if name in self.fields}
        for name, texts in faults.items():
            self.add_error(name, texts)
        if not faults:
            self.add_error(None, str(refusal.message))


class DepartmentForm(ActForm):
    """Which department, and who in it."""

    department = forms.TypedChoiceField(label=_("Department in charge"))
    in_charge = forms.TypedChoiceField(label=_("Official in charge"), required=False, empty_value=None)

    def prepare(self) -> None:
        choose_department(self, required=True)
        people = {str(person.pk): person for person in self.desk.officials}
        nobody = _("Decided in the department")
        known = [("", nobody), *((pk, person.display_name) for pk, person in people.items())]
        offer_typed(self, "in_charge", known, people.__getitem__)
        self.initial["in_charge"] = str(self.desk.proposal.in_charge_id or self.desk.official.pk)


def choose_department(form: ActForm, *, required: bool) -> None:
    """The city's departments; the one in charge is chosen already."""
    departments = {str(department.pk): department for department in form.desk.departments}
    none_yet = _("Choose a department") if required else _("Another office (name it below)")
    known = [("", none_yet), *((pk, str(one)) for pk, one in departments.items())]
    offer_typed(form, "department", known, departments.__getitem__)
    if required:
        form.initial["department"] = str(form.desk.proposal.department_id or _responsible_for(form.desk))


def _responsible_for(desk: Desk) -> str:
    """The department that the project names, where there is one of that name."""
    return next((str(one.pk) for one in desk.departments if one.name == desk.proposal.process.office), "")


class SupplementForm(ActForm):
    words = words_field(_("What is missing"), _("The author reads this, and so does everybody else."))
    until = date_field(_("Until when"), _("The deadline rests until the author has answered."))

    def prepare(self) -> None:
        self.initial["until"] = workdays.due(today_of(self.desk.proposal, clocks.now()), SUPPLEMENT_DAYS)


class TransferForm(ActForm):
    department = forms.TypedChoiceField(label=_("To which department"), required=False, empty_value=None)
    office = forms.CharField(
        label=_("Name of the other office"),
        help_text=_("Such as the city, the police or the education office. The deadline rests there."),
        required=False,
        strip=False,
        widget=forms.TextInput(attrs={"data-count": OFFICE_NAME_LENGTH, "autocomplete": "off"}),
    )
    words = words_field(_("Why"))

    def prepare(self) -> None:
        choose_department(self, required=False)

    def clean(self) -> Told:
        told = super().clean() or {}
        if not told.get("department") and not (told.get("office") or "").strip():
            self.add_error("department", _("Choose a department, or name another office."))
        return told


class MergeForm(ActForm):
    number = forms.IntegerField(
        label=_("Number of the proposal that goes on"),
        min_value=1,
        max_value=2**31 - 1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    words = words_field(_("Why these two"))

    def clean_number(self) -> int:
        number: int = self.cleaned_data["number"]
        self.into = Proposal.objects.in_city(self.desk.proposal.city).filter(number=number).first()
        if self.into is None:
            raise forms.ValidationError(_("There is no proposal with this number."))
        return number

    def told(self) -> Told:
        return {"into": self.into, "words": self.cleaned_data["words"]}

    def refuse(self, refusal: CityError) -> None:
        if "into" in refusal.fields:
            self.add_error("number", refusal.fields["into"])
        else:
            super().refuse(refusal)


class ReturnForm(ActForm):
    reason = forms.ChoiceField(label=_("Reason"), choices=ReturnReason.choices, widget=forms.RadioSelect)
    words = words_field(_("In words"), _("Say it so that a neighbour understands, and what one can do instead."))


class GuideForm(ActForm):
    channel = forms.ChoiceField(label=_("Where"), choices=Channel.choices, widget=forms.RadioSelect)
    words = words_field(_("In words"), _("Say why it is handled faster there."))


class ExtendForm(ActForm):
    words = words_field(_("Reason"), _("Everybody reads this beside the new day."))


class ProgressForm(ActForm):
    words = words_field(_("What has been done"))
    percent = forms.IntegerField(
        label=_("How much of it is done, in percent"),
        help_text=_("100 means completed. Leave it empty where a number says nothing."),
        min_value=0,
        max_value=100,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class AnswerForm(ActForm):
    """A first answer, or the correction of one: then the decision stays."""

    decision = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    correction = forms.CharField(
        label=_("What is being corrected"),
        help_text=_("One line. The earlier answer stays readable below."),
        strip=False,
        widget=forms.TextInput(attrs={"data-count": CORRECTION_LENGTH, "autocomplete": "off"}),
    )
    text = words_field(
        _("Answer"),
        _("First what was decided, then why. Leave out phone numbers and names of others."),
        rows=10,
        length=ANSWER_LENGTH,
    )
    next_steps = words_field(_("What happens next"), _("Who does what, and until when."), rows=3, length=NEXT_LENGTH)
    planned_on = date_field(_("Planned for"), required=False)

    def prepare(self) -> None:
        self.fields["next_steps"].required = False
        if self.desk.proposal.state in DECIDED:
            del self.fields["decision"]
        else:
            del self.fields["correction"]
            possible = [one for one in Decision if may_follow(self.desk.proposal.state, one.state)]
            offer(self, "decision", [(one.value, one.label) for one in possible])
        within = {"days": settings.INTERIM_DAYS}
        self.fields["planned_on"].help_text = (
            _("For an interim answer: the day of the final one, within %(days)d working days.") % within
        )
        source = self.desk.answer or next(iter(self.desk.published), None)
        if source is not None and (source.is_open or self.desk.proposal.state in DECIDED):
            for name in ("decision", "text", "next_steps", "planned_on"):
                self.initial[name] = getattr(source, name)
            self.initial["correction"] = source.correction if source.is_open else ""

    def told(self) -> Told:
        told = dict(self.cleaned_data)
        if "decision" not in told:
            told["decision"] = self.desk.published[0].decision if self.desk.published else ""
        return {"content": checked_answer(**told)}


class RevisionForm(ActForm):
    """About the answer as it was read."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def prepare(self) -> None:
        self.initial["revision"] = self.desk.answer.revision if self.desk.answer else 0


class SendBackForm(RevisionForm):
    remark = words_field(_("What should be different"), length=REMARK_LENGTH)


class TakeBackForm(ActForm):
    """Nothing is asked."""
