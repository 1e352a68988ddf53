"""allauth's forms in this project's words: one label for one thing, no placeholders that pass for labels."""

from typing import TYPE_CHECKING, Any

from allauth.account import forms as account_forms
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.recovery_codes import forms as recovery_forms
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.validators import MaxLengthValidator
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

EMAIL_MAX_LENGTH = 254  # RFC 5321, and the width of the column
_LABELS = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "password": _("Password"),
    "password1": _("Password"),
    "password2": _("Password once more"),
    "oldpassword": _("Password now"),
    "remember": _("Keep me signed in on this device"),
    "code": _("Code"),
}

if TYPE_CHECKING:
    _Base = forms.Form
else:
    _Base = object


class PlainFields(_Base):
    """Mixed into a form of allauth's: labels of `_LABELS`, and nothing that only repeats them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in _LABELS:
                field.label = _LABELS[name]
            if name in {"password", "oldpassword"}:
                field.help_text = ""  # the page links to a new password itself
            if name in {"email", "login"}:
                field.validators.append(MaxLengthValidator(EMAIL_MAX_LENGTH))
            if name == "password1":
                field.help_text = _("8 characters or more. Not digits alone, and not a password that many people use.")
            if name == "code":
                field.widget.attrs["autofocus"] = True


class LoginForm(PlainFields, account_forms.LoginForm):  # type: ignore[misc]
    pass


class SignupForm(PlainFields, account_forms.SignupForm):  # type: ignore[misc]
    def save(self, request: HttpRequest) -> AbstractBaseUser:
        """The account and what was agreed to, or neither. Whoever is second with an address or alias begins again."""
        try:
            with transaction.atomic():
                user: AbstractBaseUser = super().save(request)
        except IntegrityError:
            messages.error(request, _("Somebody else was faster with this address or alias. Please try again."))
            raise ImmediateHttpResponse(HttpResponseRedirect(request.get_full_path())) from None
        return user


class AddEmailForm(PlainFields, account_forms.AddEmailForm):  # type: ignore[misc]
    pass


class ChangePasswordForm(PlainFields, account_forms.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("New password once more")


class SetPasswordForm(PlainFields, account_forms.SetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordForm(PlainFields, account_forms.ResetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordKeyForm(PlainFields, account_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class ReauthenticateForm(PlainFields, account_forms.ReauthenticateForm):  # type: ignore[misc]
    pass


class EmailCodeForm(PlainFields, account_forms.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    pass


class ResetCodeForm(PlainFields, account_forms.ConfirmPasswordResetCodeForm):  # type: ignore[misc]
    pass


class SecondFactorForm(PlainFields, mfa_forms.AuthenticateForm):  # type: ignore[misc]
    pass


class SecondFactorAgainForm(PlainFields, mfa_forms.ReauthenticateForm):  # type: ignore[misc]
    pass


class ActivateTotpForm(PlainFields, totp_forms.ActivateTOTPForm):  # type: ignore[misc]
    pass


class DeactivateTotpForm(PlainFields, totp_forms.DeactivateTOTPForm):  # type: ignore[misc]
    pass


class RecoveryCodesForm(PlainFields, recovery_forms.GenerateRecoveryCodesForm):  # type: ignore[misc]
    pass
