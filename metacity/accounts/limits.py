"""How often something may be tried. Counted in the shared cache, so that it holds across processes."""

import hashlib

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

from metacity.accounts.errors import TooManyAttempts


def consume(*, scope: str, key: str, limit: int, window_s: int) -> None:
    """Count one attempt; TooManyAttempts once `limit` within `window_s` is passed. `key` is hashed, not stored."""
    name = f"limit:{scope}:{hashlib.sha256(key.encode()).hexdigest()[:32]}"
    # `add` starts the window once; `incr` keeps its end.
    cache.add(name, 0, timeout=window_s)
    try:
        count = cache.incr(name)
    except ValueError:  # the window ended between the two calls
        cache.set(name, 1, timeout=window_s)
        count = 1
    if count > limit:
        raise TooManyAttempts


def client_address(request: HttpRequest) -> str:
    """The visitor's address, as far as the proxies in front are to be believed (`ALLAUTH_TRUSTED_PROXY_COUNT`)."""
    return str(get_adapter(request).get_client_ip(request))
