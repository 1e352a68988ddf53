"""The identity providers of this installation (`settings.IDENTITY_PROVIDERS`)."""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from metacity.accounts.errors import UnknownProvider
from metacity.accounts.identity.base import IdentityProvider


@cache
def _load(path: str) -> IdentityProvider:
    provider = import_string(path)()
    if not isinstance(provider, IdentityProvider):
        raise TypeError(f"{path} is no IdentityProvider.")
    return provider


def providers() -> list[IdentityProvider]:
    """Those that are configured, in the order in which people are offered them."""
    found = [_load(path) for path in settings.IDENTITY_PROVIDERS]
    return [provider for provider in found if provider.is_available]


def provider_for(key: str) -> IdentityProvider:
    for provider in providers():
        if provider.key == key:
            return provider
    raise UnknownProvider
