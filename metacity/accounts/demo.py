"""The people of the demo: one for every role, in the neighbourhoods of the made-up district."""

from dataclasses import dataclass
from datetime import date

from metacity.accounts.roles import Role

DEMO_PASSWORD = "metacity-demo"  # noqa: S105 — everybody is to know it; see `User.is_seeded`


@dataclass(frozen=True, slots=True)
class DemoPerson:
    email: str
    name: str
    birth_date: date
    district: str
    roles: tuple[str, ...] = ()
    alias: str = ""


DEMO_PEOPLE = (
    DemoPerson("citizen@example.org", "김하늘", date(1988, 4, 12), "가온1동"),
    DemoPerson("citizen2@example.org", "이도윤", date(1961, 9, 3), "뫼산동", alias="뫼산동 산책가"),
    DemoPerson("official@example.org", "박서연", date(1985, 1, 20), "가온2동", (Role.OFFICIAL,)),
    DemoPerson("approver@example.org", "최민준", date(1972, 11, 8), "가온2동", (Role.OFFICIAL, Role.APPROVER)),
    DemoPerson("moderator@example.org", "정지우", date(1990, 6, 30), "강변동", (Role.MODERATOR,)),
    # Who decides objections to what the first moderator decided.
    DemoPerson("moderator2@example.org", "한소율", date(1983, 3, 5), "뫼산동", (Role.MODERATOR,)),
    DemoPerson("clerk@example.org", "강예준", date(1994, 2, 17), "가온1동", (Role.CLERK,)),
    DemoPerson("operator@example.org", "윤서진", date(1979, 8, 25), "강변동", (Role.OPERATOR,)),
)
