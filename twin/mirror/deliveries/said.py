"""What is said of files that are handed in, and whether it makes sense."""

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext as _
from pyproj import CRS
from pyproj.exceptions import CRSError

from metacity.commons import clocks
from metacity.commons.errors import Invalid
from metacity.commons.text import clean_text
from twin.mirror.models import City, Security
from twin.mirror.readers.attributes import ALIASES
from twin.mirror.services import is_web_address

_LENGTHS = {"name": 100, "name_en": 100, "source": 100, "licence": 100, "attribution": 300}
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
COLUMN_LENGTH = 200


@dataclass(frozen=True, kw_only=True)
class Said:
    """`slug` names a city that is there, or one that is made for the files and then needs a `name`."""

    slug: str
    name: str = ""
    name_en: str = ""
    time_zone: str = ""
    source: str = ""
    epsg: int | None = None
    security: str = Security.RESTRICTED
    licence: str = ""
    attribution: str = ""
    attribution_url: str = ""
    survey_date: dt.date | None = None
    columns: dict[str, str] = field(default_factory=dict)


def checked(said: Said, city: City | None) -> dict[str, Any]:
    """The fields of a delivery. Raises `Invalid` with everything that is wrong, field by field."""
    told = {name: clean_text(getattr(said, name), most, multiline=False, field=name) for name, most in _LENGTHS.items()}
    wrong = {name: [text] for name, text in _wrong(said, city, told["name"])}
    if wrong:
        raise Invalid(fields=wrong)
    return told | {
        "slug": said.slug,
        "time_zone": said.time_zone,
        "epsg": said.epsg,
        "security": said.security,
        "attribution_url": said.attribution_url,
        "survey_date": said.survey_date,
        "columns": checked_columns(said.columns),
    }


def _wrong(said: Said, city: City | None, name: str) -> Any:
    if not _SLUG.fullmatch(said.slug) or len(said.slug) > 60:
        yield "slug", _("Small Latin letters, digits and hyphens, such as gaon-gu.")
    elif city is None and not name:
        yield "name", _("A new city needs a name.")
    if said.time_zone and said.time_zone not in available_timezones():
        yield "time_zone", _("There is no such time zone. Write it like Asia/Seoul.")
    if said.epsg is not None and not _is_known(said.epsg):
        yield "epsg", _("EPSG:%(code)s is no coordinate system that we know.") % {"code": said.epsg}
    if said.security not in Security.values:
        yield "security", _("Choose who may have the data.")
    if said.attribution_url and (len(said.attribution_url) > 200 or not is_web_address(said.attribution_url)):
        yield "attribution_url", _("The address of the attribution is no web address.")
    if said.survey_date is not None and not 1900 <= said.survey_date.year <= clocks.now().year + 1:
        yield "survey_date", _("Data cannot have been collected on that day.")


def checked_columns(columns: dict[str, str]) -> dict[str, str]:
    """Chosen columns as they are kept. Raises `Invalid` (field `columns`) for what is no attribute or no column."""
    is_sound = all(
        attribute in ALIASES and isinstance(column, str) and len(column) <= COLUMN_LENGTH
        for attribute, column in columns.items()
    )
    named = [column for column in columns.values() if column]
    if not is_sound or len(set(named)) < len(named):
        raise Invalid(fields={"columns": [_("A column can stand for one attribute only, and for one that we know.")]})
    return dict(columns)


def _is_known(epsg: int) -> bool:
    try:
        CRS.from_epsg(epsg)
    except (CRSError, OverflowError):
        return False
    return True
