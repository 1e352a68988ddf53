"""Forms of this room. Fields say in words what they expect; what was typed stays when something is wrong."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.forms import BoundField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from metacity.accounts.consents import ConsentText, Moment, texts_asked_at
from metacity.accounts.districts import chosen_district, district_choices
from metacity.accounts.models import User
from metacity.accounts.names import ALIAS_MAX_LENGTH, clean_alias
from metacity.accounts.services.consents import give_consents
from metacity.accounts.services.guardian import declare_child
from metacity.commons.text import clean_text

NOT_AGREED = _("This item is required. Please read it and tick it to go on.")


class BirthDateField(forms.CharField):
    """Eight digits, as people in Korea write their birth date: 19900501. Dashes and dots are fine too."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Birth date"))
        kwargs.setdefault("help_text", _("8 digits, for example 19900501"))
        kwargs.setdefault("max_length", 20)
        super().__init__(**kwargs)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "bday"}

    def clean(self, value: Any) -> date:
        digits = re.sub(r"[\s.\-/년월일]", "", super().clean(value))
        try:
            if not re.fullmatch(r"[0-9]{8}", digits):
                raise ValueError
            born = datetime.strptime(digits, "%Y%m%d").replace(tzinfo=timezone.get_current_timezone()).date()
        except ValueError:
            raise forms.ValidationError(_("Enter the birth date as 8 digits, for example 19900501.")) from None
        if not date(1900, 1, 1) <= born <= timezone.localdate():
            raise forms.ValidationError(_("Enter the birth date as 8 digits, for example 19900501."))
        return born


class NameField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Name"))
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)
        self.widget.attrs |= {"autocomplete": "name"}

    def clean(self, value: Any) -> str:
        name = clean_text(super().clean(value), 200, multiline=False)
        if not re.fullmatch(r"[^\W\d_][\w .'’-]+", name):
            raise forms.ValidationError(_("Enter the name as it stands on your ID."))
        return name


class PhoneIdentityForm(forms.Form):
    """What the demo's phone authentication asks for."""

    name = NameField()
    birth_date = BirthDateField()
    phone = forms.CharField(
        label=_("Mobile phone number"),
        max_length=20,
        help_text=_("For example 010-1234-5678"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    district = forms.ChoiceField(label=_("Where you live"), choices=district_choices)

    def clean_district(self) -> str:
        return chosen_district(self.cleaned_data["district"])

    def clean_phone(self) -> str:
        digits = re.sub(r"[\s\-]", "", self.cleaned_data["phone"])
        if not re.fullmatch(r"01[016789][0-9]{7,8}", digits):
            raise forms.ValidationError(_("Enter a mobile phone number, for example 010-1234-5678."))
        return digits


class CodeForm(forms.Form):
    """The six digits of a text message."""

    code = forms.CharField(
        label=_("Code"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean_code(self) -> str:
        code = re.sub(r"\s", "", self.cleaned_data["code"])
        if not re.fullmatch(r"[0-9]{6}", code):
            raise forms.ValidationError(_("The code has 6 digits."))
        return code


class DeskCodeForm(forms.Form):
    """The code that the desk printed."""

    desk_code = forms.CharField(
        label=_("Code from the desk"),
        max_length=24,
        help_text=_("10 letters and digits, as printed on the sheet. Dashes need not be typed."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class ConsentFields(forms.Form):
    """A tick for every text asked at one moment, required and optional apart, none ticked beforehand."""

    moment: Moment = "join"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for text in texts_asked_at(self.moment):
            self.fields[f"consent_{text.item}"] = forms.BooleanField(
                label=text.wording.title, required=text.is_required, error_messages={"required": NOT_AGREED}
            )

    def consents(self) -> Iterator[tuple[ConsentText, BoundField]]:
        for text in texts_asked_at(self.moment):
            yield text, self[f"consent_{text.item}"]

    @property
    def agreed_items(self) -> list[str]:
        ticked = (name for name, value in self.cleaned_data.items() if name.startswith("consent_") and value)
        return [name.removeprefix("consent_") for name in ticked]


class IdentityConsentForm(ConsentFields):
    """Asked before one who has an account sends a name to the identity service."""

    moment: Moment = "identity"


class AliasField(forms.CharField):
    """A name of one's own, shown instead of 홍*동."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Alias"))
        kwargs.setdefault("max_length", 60)
        kwargs.setdefault("required", False)
        kwargs.setdefault("help_text", _("Shown with what you write. Without an alias your name is shown masked."))
        super().__init__(**kwargs)
        self.widget.attrs |= {"autocomplete": "nickname", "maxlength": str(ALIAS_MAX_LENGTH)}

    def clean(self, value: Any) -> str:
        return clean_alias(super().clean(value))


def _refuse_taken_alias(alias: str, owner: User | None) -> str:
    """Said while the form is open; the database decides when two come at once."""
    others = User.objects.filter(alias__iexact=alias)
    if alias and (others.exclude(pk=owner.pk) if owner else others).exists():
        raise forms.ValidationError(_("Somebody already uses this alias. Please choose another."))
    return alias


class AliasForm(forms.Form):
    alias = AliasField()

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner = owner

    def clean_alias(self) -> str:
        return _refuse_taken_alias(self.cleaned_data["alias"], self.owner)


class JoinForm(ConsentFields):
    """Joining with a confirmed identity: what to be called, and what is agreed to (identity included)."""

    alias = AliasField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for text in texts_asked_at("identity"):
            self.fields[f"consent_{text.item}"] = forms.BooleanField(
                label=text.wording.title, required=text.is_required, error_messages={"required": NOT_AGREED}
            )

    def consents(self) -> Iterator[tuple[ConsentText, BoundField]]:
        texts = [*texts_asked_at("join"), *texts_asked_at("identity")]
        for text in sorted(texts, key=lambda text: not text.is_required):
            yield text, self[f"consent_{text.item}"]

    def clean_alias(self) -> str:
        return _refuse_taken_alias(self.cleaned_data["alias"], None)


class EmailJoinFields(ConsentFields):
    """What allauth's sign-up form asks besides e-mail and password (`ACCOUNT_SIGNUP_FORM_CLASS`)."""

    age = forms.ChoiceField(
        label=_("Your age"),
        choices=[("from_14", _("14 or older")), ("under_14", _("Under 14"))],
        widget=forms.RadioSelect,
        help_text=_("If you are under 14, a parent or guardian has to agree before you can write."),
        error_messages={"required": _("Please tell whether you are 14 or older.")},
    )
    alias = AliasField(help_text=_("Shown with what you write. You can set it later."))
    field_order = ["email", "password1", "password2", "age", "alias"]

    def clean_alias(self) -> str:
        return _refuse_taken_alias(self.cleaned_data["alias"], None)

    def signup(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Called by allauth once the account is saved, in the same request."""
        if not isinstance(user, User):
            raise TypeError("Accounts are of this room's User.")
        user.alias = self.cleaned_data["alias"]
        user.save(update_fields=["alias"])
        give_consents(user=user, items=self.agreed_items)
        if self.cleaned_data["age"] == "under_14":
            declare_child(user=user)


class GuardianForm(forms.Form):
    contact = forms.EmailField(
        label=_("E-mail address of your parent or guardian"),
        max_length=254,
        help_text=_("We send a link there. It is deleted once your guardian has answered."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class DeleteAccountForm(forms.Form):
    understood = forms.BooleanField(
        label=_("I have read this and want to delete my account."),
        error_messages={"required": _("Please tick this to delete your account.")},
    )


PAPERS = [
    ("resident_card", _("Resident registration card")),
    ("driver_licence", _("Driver's licence")),
    ("passport", _("Passport")),
    ("residence_card", _("Residence card (foreigners)")),
    ("youth_card", _("Youth card, or family relation certificate")),
]


class DeskPaperForm(forms.Form):
    """What an official reads from the paper in front of them."""

    kind = forms.ChoiceField(label=_("ID shown"), choices=PAPERS)
    name = NameField(label=_("Name on the ID"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    birth_date = BirthDateField(label=_("Birth date on the ID"))
    district = forms.ChoiceField(label=_("Address on the ID"), choices=district_choices)
    namesake = forms.IntegerField(
        label=_("Number among people with the same name and birth date"),
        initial=1,
        min_value=1,
        max_value=9,
        help_text=_("Leave 1, unless somebody with the same name and birth date is registered already."),
    )
    seen = forms.BooleanField(
        label=_("I have seen the ID and the person in front of me is the one on it."),
        error_messages={"required": _("A code can be made only when you have seen the ID.")},
    )

    def clean_district(self) -> str:
        return chosen_district(self.cleaned_data["district"])


class DeskSearchForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address of the account"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
