"""Working days: counted from the next one, never on a holiday, in the city's own time zone."""

import datetime as dt

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from metacity import env
from metacity.commons import workdays
from metacity.commons.workdays import BeyondTheCalendar, between, day_of, due, end_of, holidays_of, is_working_day

DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2032, 12, 31))
COUNTS = st.integers(1, 60)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "days", "expected", "why"),
    [
        ("2026-11-23", 1, "2026-11-24", "day one is the next day"),
        ("2026-11-27", 1, "2026-11-30", "a Friday's next working day is Monday"),
        ("2026-11-28", 1, "2026-11-30", "what happens on a Saturday begins on Monday"),
        ("2026-11-23", 20, "2026-12-21", "four weeks"),
        ("2026-02-13", 1, "2026-02-19", "설날 2026, Monday to Wednesday"),
        ("2026-02-13", 5, "2026-02-25", "a week over 설날"),
        ("2027-02-05", 1, "2027-02-10", "설날 2027 on a Sunday, with a substitute day"),
        ("2026-09-23", 1, "2026-09-28", "추석 2026, Thursday to Saturday, without a substitute day"),
        ("2025-10-02", 1, "2025-10-10", "개천절, 추석, its substitute day and 한글날 in a row"),
        ("2026-02-27", 1, "2026-03-03", "삼일절 on a Sunday"),
        ("2026-08-14", 1, "2026-08-18", "광복절 on a Saturday"),
        ("2026-05-22", 1, "2026-05-26", "부처님오신날 on a Sunday"),
        ("2026-06-05", 1, "2026-06-08", "현충일 on a Saturday has no substitute day"),
        ("2026-04-30", 1, "2026-05-04", "노동절 is a public holiday since 2026"),
        ("2025-04-30", 1, "2025-05-01", "and was none before"),
        ("2026-06-02", 1, "2026-06-04", "a local election"),
        ("2026-12-31", 1, "2027-01-04", "a year's end, with 신정 on a Friday"),
        ("2027-12-24", 1, "2027-12-28", "기독탄신일 on a Saturday"),
    ],
)
def test_the_days_are_counted_as_an_office_counts_them(start: str, days: int, expected: str, why: str) -> None:
    assert due(day(start), days) == day(expected), why


@given(start=DAYS, days=COUNTS)
def test_a_period_ends_on_a_working_day_after_its_start(start: dt.date, days: int) -> None:
    end = due(start, days)
    assert end > start
    assert is_working_day(end)
    assert between(start, end) == days


@given(start=DAYS, days=COUNTS)
def test_a_later_start_or_a_longer_period_never_ends_earlier(start: dt.date, days: int) -> None:
    assert due(start, days) <= due(start + dt.timedelta(days=1), days)
    assert due(start, days) < due(start, days + 1)


@given(start=DAYS, one=COUNTS, other=COUNTS)
def test_two_periods_in_a_row_are_as_long_as_both_together(start: dt.date, one: int, other: int) -> None:
    assert due(due(start, one), other) == due(start, one + other)


def test_nothing_is_left_of_what_has_passed() -> None:
    assert between(day("2026-11-27"), day("2026-11-30")) == 1
    assert between(day("2026-11-27"), day("2026-11-29")) == 0
    assert between(day("2026-11-30"), day("2026-11-27")) == 0


def test_the_office_adds_its_own_closed_days(settings: LazySettings) -> None:
    settings.OFFICE_CLOSED_DAYS = frozenset({day("2026-11-24"), day("2026-12-25")})
    assert due(day("2026-11-23"), 1) == day("2026-11-25")
    with translation.override("ko"):
        named = dict(holidays_of(2026))
    assert named[day("2026-11-24")] == "구청이 쉬는 날"
    assert named[day("2026-12-25")] == "기독탄신일"


def test_closed_days_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OFFICE_CLOSED_DAYS", "2026-12-31, 2027-01-02")
    assert env.dates("OFFICE_CLOSED_DAYS") == {day("2026-12-31"), day("2027-01-02")}
    monkeypatch.setenv("OFFICE_CLOSED_DAYS", "the last day of the year")
    with pytest.raises(ImproperlyConfigured, match="OFFICE_CLOSED_DAYS"):
        env.dates("OFFICE_CLOSED_DAYS")


def test_years_without_known_holidays_are_refused() -> None:
    last = dt.date(workdays.LAST_YEAR, 12, 30)
    assert due(last, 1) == last + dt.timedelta(days=1)
    for start in (last, dt.date(workdays.LAST_YEAR + 5, 1, 1), dt.date.max):
        with pytest.raises(BeyondTheCalendar):
            due(start, 20)
    with pytest.raises(BeyondTheCalendar):
        is_working_day(dt.date(1900, 1, 1))


def test_a_period_of_no_days_is_a_fault_of_the_program() -> None:
    with pytest.raises(ValueError, match="0"):
        due(day("2026-11-23"), 0)


def test_a_day_is_the_citys_own() -> None:
    late = dt.datetime(2026, 11, 23, 15, 30, tzinfo=dt.UTC)  # half past midnight in Seoul
    assert day_of(late, "Asia/Seoul") == day("2026-11-24")
    assert day_of(late, "Europe/Berlin") == day("2026-11-23")
    assert end_of(day("2026-11-23"), "Asia/Seoul") == dt.datetime(2026, 11, 23, 14, 59, 59, tzinfo=dt.UTC)


def test_a_day_ends_when_its_clocks_say_so_where_they_are_changed() -> None:
    summer, winter = end_of(day("2026-10-24"), "Europe/Berlin"), end_of(day("2026-10-25"), "Europe/Berlin")
    # Across zones, aware times are compared in UTC: the day on which clocks go back has 25 hours.
    assert winter.astimezone(dt.UTC) - summer.astimezone(dt.UTC) == dt.timedelta(hours=25)
    assert day_of(winter, "Europe/Berlin") == day("2026-10-25")
