"""Where allauth asks this room: signing in, mails, reauthentication."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from metacity.accounts.models import User
from metacity.accounts.signals import signed_in_with_session
from metacity.commons.i18n import localised


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
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


def display_name(user: User) -> str:
    """For allauth's messages and mails (`ACCOUNT_USER_DISPLAY`)."""
    return user.display_name
