"""Who may enter with a session or a password."""

import uuid

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser

from metacity.accounts.models import User


class MemberBackend(AuthenticationBackend):  # type: ignore[misc]
    """Sign-in by e-mail and password; every request's account comes with all that pages ask of it."""

    def user_can_authenticate(self, user: AbstractBaseUser | None) -> bool:
        if not isinstance(user, User) or not user.is_active:
            return False
        # Everybody knows the password of a seeded account.
        return not user.is_seeded or settings.MODE != "production"

    def get_user(self, user_id: uuid.UUID) -> User | None:
        user = User.objects.visitor(user_id)
        return user if self.user_can_authenticate(user) else None
