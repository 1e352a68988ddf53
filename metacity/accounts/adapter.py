"""Where allauth asks this room: signing in, mails, reauthentication."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from metacity.accounts.models import User
from metacity.accounts.signals import signed_in_with_session
from metacity.commons.i18n import localised


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "email_taken": _("Another account uses this e-mail address."),
        "duplicate_email": _("This is already the e-mail address of your account."),
        "enter_current_password": _("The password you have now is not right."),
        "incorrect_code": _("The code is not right. Please check it and try again."),
        "incorrect_password": _("The password is not right."),
        "rate_limited": _("There were too many attempts. Please wait a while and try again."),
        "same_as_current": _("Please enter something other than what is set now."),
        "too_many_login_attempts": _("There were too many failed attempts. Please try again in 5 minutes."),
    }

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse | None:
        """A closed account, or a seeded one in production, goes no further by whatever way it came."""
        if isinstance(user, User) and user.is_seeded and settings.MODE == "production":
            refusal: HttpResponse = self.respond_user_inactive(request, user)
            return refusal
        answer: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return answer

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Every sign-in ends here. The session key rotates; what hung on the old one can be claimed."""
        old_session_key = request.session.session_key
        super().login(request, user)
        if request.session.session_key == old_session_key:
            request.session.cycle_key()
        signed_in_with_session.send(sender=type(user), old_session_key=old_session_key, user=user)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:me")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return reverse("accounts:me")

    def format_email_subject(self, subject: str) -> str:
        return f"[{localised(settings.SERVICE, 'name')}] {subject}"

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> Any:
        """Every mail can name the service and its office."""
        return super().render_mail(template_prefix, email, {**context, "service_settings": settings.SERVICE}, headers)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("The code is not right. Please check it and try again."),
        "unverified_email": _("Please confirm your e-mail address before setting up a second step."),
        "cannot_delete_authenticator": _("People of the office need the second step. It cannot be switched off."),
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """An office role holds on to its second factor; it can be renewed by an operator only."""
        return not authenticator.user.works_in_office


def display_name(user: User) -> str:
    """For allauth's messages and mails (`ACCOUNT_USER_DISPLAY`)."""
    return user.display_name
