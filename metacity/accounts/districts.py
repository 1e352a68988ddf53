"""The neighbourhoods (동) of the district: kept by their Korean name, shown in the language of the page."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from metacity.commons.i18n import is_english

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def district_label(district: str) -> str:
    return (settings.DISTRICTS.get(district) or district) if is_english() else district


ELSEWHERE = "-"


def district_choices() -> "list[tuple[str, StrOrPromise]]":
    """For a form that does not choose for people; see `chosen_district`."""
    known = [(name, district_label(name)) for name in settings.DISTRICTS]
    return [("", _("Please choose")), *known, (ELSEWHERE, _("Outside the district"))]


def chosen_district(value: str) -> str:
    """What is kept of a choice: nothing for people who live elsewhere."""
    return "" if value == ELSEWHERE else value
