"""What an identity provider is, and what it hands back.

To add a provider, subclass `IdentityProvider` and name it in `settings.IDENTITY_PROVIDERS`:

- `begin(request, next_url)` answers the press of "본인확인하고 계속": a redirect to the service, or a page with a form.
- `complete(request)` is called for every request to `/accounts/identity/<key>/complete/`. It returns a response while
  there is something to ask, and `VerifiedAttributes` once the person is known. Nothing it learned is kept before that.

A provider keeps no state but in the session, knows nothing about accounts, and never signs anybody in.
"""

import hashlib
import hmac
from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from metacity.accounts.errors import IdentityIncomplete
from metacity.accounts.models.identity import Method
from metacity.accounts.names import mask_name
from metacity.commons.text import clean_text

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

CHILD_UNTIL_AGE = 14
ADULT_FROM_AGE = 19


@dataclass(frozen=True, slots=True)
class VerifiedAttributes:
    """What a provider vouches for. Lives for one request; `seal` turns it into what may be kept.

    `birth_date` sharpens the ages of 14 and 19 where the provider knows it; it is not kept.
    """

    ci: str
    name: str
    birth_year: int
    district: str
    method: str
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class SealedAttributes:
    """What remains of the attributes: a keyed hash for the CI, a masked name, a year. Safe to keep in a session."""

    ci_hmac: str
    masked_name: str
    birth_year: int
    district: str
    method: str
    # The fourteenth birthday of one who is younger, else None.
    guardian_until: date | None
    is_adult: bool
    # The desk's voucher, spent when the attributes are used.
    voucher: str | None = None

    def as_session(self) -> dict[str, Any]:
        until = self.guardian_until
        return asdict(self) | {"guardian_until": until.isoformat() if until else None}

    @classmethod
    def from_session(cls, data: dict[str, Any]) -> "SealedAttributes":
        until = data["guardian_until"]
        return cls(**(data | {"guardian_until": date.fromisoformat(until) if until else None}))


class IdentityProvider(ABC):
    key: str
    label: "StrPromise"
    hint: "StrPromise"

    @property
    def is_available(self) -> bool:
        """False hides the provider: it is not configured."""
        return True

    @abstractmethod
    def begin(self, request: HttpRequest, next_url: str) -> HttpResponse:
        """Answer the wish to identify with this provider."""

    @abstractmethod
    def complete(self, request: HttpRequest) -> "VerifiedAttributes | SealedAttributes | HttpResponse":
        """The attributes, or the next page to show."""


def keyed_hash(purpose: str, value: str) -> str:
    """HMAC-SHA256 under IDENTITY_HMAC_KEY. Different purposes give unrelated hashes for one value."""
    key = settings.IDENTITY_HMAC_KEY.encode()
    return hmac.new(key, f"{purpose}:{value}".encode(), hashlib.sha256).hexdigest()


def _birthday(born: date, age: int) -> date:
    try:
        return born.replace(year=born.year + age)
    except ValueError:  # 29 February
        return date(born.year + age, 3, 1)


def seal(attributes: VerifiedAttributes) -> SealedAttributes:
    """What may be kept of `attributes`. Raises IdentityIncomplete where the provider's answer is not usable.

    Where only the year of birth is known, the last day of that year counts: nobody under 14 is taken for older.
    """
    today = timezone.localdate()
    if not attributes.ci.strip() or not attributes.name.strip() or attributes.method not in Method.values:
        raise IdentityIncomplete
    if not 1900 <= attributes.birth_year <= today.year:
        raise IdentityIncomplete
    born = attributes.birth_date or date(attributes.birth_year, 12, 31)
    fourteenth = _birthday(born, CHILD_UNTIL_AGE)
    return SealedAttributes(
        ci_hmac=keyed_hash("ci", attributes.ci.strip()),
        masked_name=mask_name(attributes.name),
        birth_year=attributes.birth_year,
        district=clean_text(attributes.district, 40),
        method=attributes.method,
        guardian_until=fourteenth if fourteenth > today else None,
        is_adult=_birthday(born, ADULT_FROM_AGE) <= today,
    )
