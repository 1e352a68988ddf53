"""Who may do what, said once: for services (`require_role`) and for pages (`role_required`, `sign_in_required`)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase

from metacity.commons.errors import Forbidden, NotSignedIn

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class Person(Protocol):
    """What commons knows of whoever asks: an account, or nobody in particular."""

    @property
    def is_authenticated(self) -> bool: ...


def has_role(user: Person, *roles: str) -> bool:
    """Whether `user` is signed in and has at least one of `roles`."""
    ask = getattr(user, "has_role", None)
    return user.is_authenticated and ask is not None and any(ask(role) for role in roles)


def require_sign_in(user: Person) -> None:
    if not user.is_authenticated:
        raise NotSignedIn


def require_role(user: Person, *roles: str) -> None:
    """Raises `NotSignedIn` for nobody in particular and `Forbidden` for a person with none of `roles`."""
    require_sign_in(user)
    if not has_role(user, *roles):
        raise Forbidden


def sign_in_required(view: View) -> View:
    """A page for people with an account; everybody else is led to signing in, and back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return cast(View, guarded)


def role_required(*roles: str) -> Callable[[View], View]:
    """A page for people with one of `roles`: 403 for other people, signing in for everybody else."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            require_role(request.user, *roles)
            return view(request, *args, **kwargs)

        return cast(View, sign_in_required(guarded))

    return decorate
