"""Working days of the office: Monday to Friday, without public holidays and the days on which it is closed.

A period in working days begins with the first working day after the day on which something happened, and runs to the
end of its last day in the city's time zone. Public holidays, with substitute and election days, are South Korea's as
the library `holidays` knows them (관공서의 공휴일에 관한 규정; 노동절 is one of them since 2026). What the government
declares at short notice, and the office's own closed days, are added by `OFFICE_CLOSED_DAYS`.
"""

import datetime as dt
from collections.abc import Mapping
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from holidays import country_holidays
from holidays.countries.south_korea import SouthKorea

from metacity.commons.errors import Invalid
from metacity.commons.i18n import is_english

ONE_DAY = dt.timedelta(days=1)
SATURDAY = 5
# Years of which the library knows the holidays of the lunar calendar.
FIRST_YEAR, LAST_YEAR = SouthKorea.start_year, SouthKorea.end_year


class BeyondTheCalendar(Invalid):
    """Nobody knows the holidays of that year: better no date than a wrong one."""

    code = "beyond_the_calendar"
    message = _("The public holidays of that year are not known yet. Choose another date.")


def day_of(moment: dt.datetime, zone: str) -> dt.date:
    """The day on which `moment` falls in the time zone of that name."""
    return moment.astimezone(ZoneInfo(zone)).date()


def end_of(day: dt.date, zone: str) -> dt.datetime:
    """The last second of `day` in the time zone of that name."""
    return dt.datetime.combine(day, dt.time(23, 59, 59), ZoneInfo(zone))


def is_working_day(day: dt.date) -> bool:
    """Raises `BeyondTheCalendar` outside the years `FIRST_YEAR` to `LAST_YEAR`."""
    return day not in _holidays(day.year, "ko") and day.weekday() < SATURDAY and day not in settings.OFFICE_CLOSED_DAYS


def due(start: dt.date, days: int) -> dt.date:
    """The last of `days` working days; the first is the next working day after `start`."""
    if days < 1:
        raise ValueError(f"A period has one working day or more, not {days}.")
    if start.year > LAST_YEAR:
        raise BeyondTheCalendar
    day = start
    for _number in range(days):
        day = _next_working_day(day)
    return day


def between(earlier: dt.date, later: dt.date) -> int:
    """How many working days follow `earlier` until `later`, that day included; 0 where it is not later."""
    count = (later - earlier).days
    return sum(is_working_day(earlier + number * ONE_DAY) for number in range(1, count + 1))


def holidays_of(year: int) -> list[tuple[dt.date, str]]:
    """The public holidays of a year with their names in the language of the page, and the office's closed days."""
    named = dict(_holidays(year, "en_US" if is_english() else "ko"))
    closed = {day: str(_("Closed day of the office")) for day in settings.OFFICE_CLOSED_DAYS if day.year == year}
    return sorted((closed | named).items())


def _next_working_day(day: dt.date) -> dt.date:
    day += ONE_DAY
    while not is_working_day(day):
        day += ONE_DAY
    return day


@cache
def _holidays(year: int, language: str) -> Mapping[dt.date, str]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BeyondTheCalendar
    return dict(country_holidays("KR", years=year, language=language))
