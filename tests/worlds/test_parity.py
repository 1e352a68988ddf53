"""Whatever the 3D city can do, can be done without it."""

import json
import re
import uuid
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from metacity.commons.models import Event, LedgerEntry
from participation.deliberation.models import Comment, Discussion
from participation.moderation.models import Case, Report
from participation.proposals.models import Draft, Proposal, Support
from participation.voting.models import Ballot, HasVoted
from participation.worlds.parity import ACTIONS, Action, Parity
from tests.factories.comments import a_talked_of_process
from tests.factories.designs import SQUARE, a_draft, open_process, page_of, tower
from tests.factories.meetings import an_open_meeting
from tests.factories.processes import a_building, a_city, a_person, a_process
from tests.factories.proposals import a_place, a_proposal
from tests.factories.town import a_town, house
from tests.factories.voting import an_announced_poll, an_open_poll
from tests.worlds.plain_pages import Page
from twin.mirror.designs.changes import rectangle

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "templates/worlds/city.html"
# What outer rooms add to the page, by the name that they all give it.
PARTS = sorted((ROOT / "templates").glob("*/city_*.html"))
SCRIPTS = [
    *(ROOT / "static/src/twin").glob("*.ts"),
    *(ROOT / "static/src/twin/ui").glob("*.ts"),
    *(ROOT / "static/src/participation").rglob("*.ts"),
]
VOID = {"input", "img", "br", "meta", "link", "hr"}
TITLE, TEXT = "골목에 긴 의자를 놓아 주세요", "장을 보고 오는 길에 쉴 곳이 없습니다."


class CityPage(HTMLParser):
    """What people can operate within `[data-city]`, each with the actions named on it or around it."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.operable: list[tuple[str, str]] = []
        self.names: set[str] = set()
        self._around: list[str | None] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        inside = "data-city" in told or bool(self._around)
        if not inside:
            return
        action = told.get("data-action") or (self._around[-1] if self._around else None)
        self.names |= set((told.get("data-action") or "").split())
        if self._is_operable(tag, told):
            self.operable.append((self.get_starttag_text() or tag, action or ""))
        if tag not in VOID:
            self._around.append(action)

    def handle_endtag(self, tag: str) -> None:
        if self._around and tag not in VOID:
            self._around.pop()

    @staticmethod
    def _is_operable(tag: str, told: dict[str, str | None]) -> bool:
        if told.get("type") == "hidden":
            return False
        return tag in ("button", "input", "select", "textarea", "summary", "a") or told.get("tabindex") == "0"


def city_page() -> CityPage:
    """From the template with its parts put in and the template language taken out."""
    source = TEMPLATE.read_text().replace("{% for part in parts %}", "".join(file.read_text() for file in PARTS))
    source = re.sub(
        r"{% include \"(.+?)\".*?%}",
        lambda found: (ROOT / "templates" / found[1]).read_text(),
        source,
    )
    return CityPage(re.sub(r"{%.*?%}|{#.*?#}|{{.*?}}", "", source, flags=re.DOTALL))


def names_in_scripts() -> set[str]:
    """On elements that scripts make, and on the buttons of the card."""
    named = re.compile(r'"data-action": "([^"]+)"|\bname: "([^"]+)",\s*label:')
    return {
        name
        for script in SCRIPTS
        for found in named.finditer(script.read_text())
        for name in (found[1] or found[2]).split()
    }


def test_every_action_on_the_page_is_registered_and_every_registered_action_is_on_the_page() -> None:
    assert city_page().names | names_in_scripts() == {action.name for action in ACTIONS}


def test_everything_one_can_operate_in_the_city_names_its_action() -> None:
    operable = city_page().operable
    assert len(operable) > 20
    assert [element for element, action in operable if not action] == []


def test_names_are_registered_once() -> None:
    assert len({action.name for action in ACTIONS}) == len(ACTIONS)


@pytest.mark.django_db
@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_the_page_that_does_the_same_answers_without_signing_in(client: Client, action: Action) -> None:
    process = a_process()
    building = a_building(process.city, "가온도서관")
    proposal = a_proposal(process, place=a_place(process))
    subjects: dict[str, list[object]] = {
        "worlds:place": [building.pk],
        "proposals:detail": [proposal.pk],
        "proposals:support": [proposal.pk],
        "proposals:draft_design": [a_draft(client, process, is_placed=False).pk],
        "moderation:report": ["proposal", proposal.pk],
        "deliberation:comments": [proposal.pk],
        "voting:ballot": [an_announced_poll(proposal).pk],
        "meetings:seat": [an_open_meeting(process.city, proposal=proposal).pk],
    }
    address = reverse(action.route, args=subjects.get(action.route, []))
    # What only takes a form is asked for where the form stands.
    answer = client.post(address, follow=True) if action.route == "proposals:support" else client.get(address)
    assert answer.status_code == 200
    assert "<main" in answer.content.decode()


def test_what_counts_is_civic() -> None:
    civic = {action.name for action in ACTIONS if action.parity is Parity.CIVIC}
    assert civic == {"propose", "draw", "support", "report", "comment", "vote", "ask-to-speak", "vote-in-meeting"}


def rows_of(proposal: Proposal) -> dict[str, Any]:
    """What the database holds of a proposal, but for its ids, times and author."""
    version = proposal.content
    fields = ("title", "text", "place_kind", "e", "n", "object_id", "place_words")
    return {
        "state": proposal.state,
        "process": proposal.process_id,
        "versions": proposal.versions.count(),
        **{name: getattr(version, name) for name in fields},
        "ledger": list(LedgerEntry.objects.filter(subject__contains=str(proposal.id)).values_list("action", flat=True)),
        "drafts": Draft.objects.count(),
        "pin": [event.payload["pin"]["e"] for event in Event.objects.filter(kind="pin.changed").order_by("seq")][-1:],
    }


def propose_on_plain_pages(client: Client, first: Page) -> Proposal:
    where = first.send("/new/", title=TITLE, text=TEXT)
    assert where.path.endswith("/where/"), where.text
    check = where.send("/where/", action="next")
    assert check.path.endswith("/check/"), check.text
    assert check.send("/check/", public="on").status == 200
    return Proposal.objects.latest("submitted_at")


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["point", "object"])
def test_proposing_at_a_place_of_the_city_writes_the_same_rows_on_plain_pages(client: Client, place: str) -> None:
    """The 3D city leads to `?place=…&e=…&n=…`; beside it stands the API, which scripts use."""
    process = a_process(a_city())
    building = a_building(process.city, "가온도서관", e=40.0, n=30.0)
    told = {"place": place, "e": "40.0", "n": "30.0"} | ({"object": str(building.pk)} if place == "object" else {})
    client.force_login(a_person())
    plain = propose_on_plain_pages(client, Page.at(client, f"{reverse('proposals:new')}?{_query(told)}"))
    fields: dict[str, object] = {"e": 40.0, "n": 30.0} | ({"object": str(building.pk)} if place == "object" else {})
    answer = client.post(
        "/api/v1/proposals/",
        {"process": process.slug, "title": TITLE, "text": TEXT, "place": fields, "key": str(uuid.uuid4())},
        content_type="application/json",
    )
    assert answer.status_code == 201, answer.content
    assert rows_of(plain) == rows_of(Proposal.objects.get(pk=answer.json()["id"]))


@pytest.mark.django_db
def test_a_place_found_in_the_list_is_proposed_at_without_any_map(client: Client) -> None:
    process = a_process(a_city())
    building = a_building(process.city, "가온도서관", e=40.0, n=30.0)
    client.force_login(a_person())
    found = Page.at(client, f"{reverse('worlds:places')}?q=도서관").follow(str(building.pk))
    proposal = propose_on_plain_pages(client, found.follow(f"/new/?object={building.pk}"))
    assert (proposal.content.object_id, proposal.content.place_kind) == (building.pk, "object")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "change"),
    [
        ({"kind": "bench", "rotation": "90"}, {"op": "add", "kind": "bench", "point": SQUARE, "rotation_deg": 90.0}),
        ({"kind": "building", "storeys": "4", "roof": "hip"}, {**tower(4)["changes"][0], "roof": "hip", "use": ""}),
    ],
    ids=["bench", "building"],
)
def test_drawing_by_fields_keeps_the_same_as_drawing_in_the_city(
    client: Client, tmp_path: Path, fields: dict[str, str], change: dict[str, Any]
) -> None:
    """The city sends what was drawn as `design`, to the page that has the fields."""
    process = open_process(a_town(tmp_path))
    typed, drawn = a_draft(client, process), a_draft(client, process)
    page = Page.at(client, f"{page_of(typed)}?kind={fields['kind']}")
    sizes = {"width": "24", "depth": "14"} if fields["kind"] == "building" else {}
    page.send("/design/", **fields, **sizes)
    client.post(page_of(drawn), {"design": json.dumps({"changes": [change]})})
    for draft in (typed, drawn):
        draft.refresh_from_db()
    assert typed.changes == drawn.changes != []


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["replace", "remove"])
def test_choosing_a_building_that_goes_keeps_the_same_as_in_the_city(client: Client, tmp_path: Path, kind: str) -> None:
    """The city takes the middle of the building from its card; a new one stands there unless drawn elsewhere."""
    town = a_town(tmp_path)
    process = open_process(town, allows_demolition=True, open_land="any")
    goes = house(town, 6)
    typed, drawn = a_draft(client, process), a_draft(client, process)
    page = Page.at(client, f"{page_of(typed)}?kind={kind}")
    fields = {"object": str(goes.id)} | ({"storeys": "4", "width": "12", "depth": "10"} if kind == "replace" else {})
    page.send("/design/", **fields)
    card = client.get(f"/api/v1/cities/{town.slug}/objects/{goes.id}/").json()
    footprint = rectangle(centre=(card["e"], card["n"]), width_m=12, depth_m=10, rotation_deg=0)
    built = {"footprint": footprint, "storeys": 4, "storey_height_m": 3.3, "roof": "flat", "use": "", "base_m": None}
    change = {"op": kind, "object": str(goes.id)} | (built if kind == "replace" else {})
    client.post(page_of(drawn), {"design": json.dumps({"changes": [change]}), "without": "[]"})
    for draft in (typed, drawn):
        draft.refresh_from_db()
    assert typed.changes == drawn.changes != []


@pytest.mark.django_db
def test_supporting_on_a_plain_page_writes_the_same_rows(client: Client) -> None:
    one, other, person = a_proposal(), a_proposal(), a_person()
    client.force_login(person)
    Page.at(client, one.get_absolute_url()).send("/support/")
    client.put(f"/api/v1/proposals/{other.pk}/support/")
    for proposal in (one, other):
        proposal.refresh_from_db()
    assert (one.supports_count, other.supports_count) == (1, 1)
    assert Support.objects.filter(person=person).count() == 2
    payloads = [Event.objects.get(room=proposal.room).payload for proposal in (one, other)]
    assert payloads[0] == payloads[1]


@pytest.mark.django_db
def test_reporting_on_plain_pages_writes_the_same_rows(client: Client) -> None:
    """The city's card leads to the form that the idea's page leads to; beside it stands the API."""
    one, other, person = a_proposal(), a_proposal(), a_person()
    client.force_login(person)
    words = "같은 광고를 여러 번 올렸습니다."
    back = (
        Page.at(client, one.get_absolute_url())
        .follow("/report/")
        .send(f"/{one.pk}/", reason="advertising", words=words)
    )
    assert back.path == one.get_absolute_url()
    told = {"kind": "proposal", "subject": str(other.pk), "reason": "advertising", "words": words}
    assert client.post("/api/v1/reports/", told, content_type="application/json").status_code == 201
    rows = [
        {
            "case": Case.objects.filter(subject_id=proposal.pk).values("kind", "state", "waiting_reports").get(),
            "report": Report.objects.filter(case__subject_id=proposal.pk).values("reason", "words", "reporter").get(),
            "ledger": LedgerEntry.objects.filter(subject=Case.objects.get(subject_id=proposal.pk).subject).values_list(
                "action", flat=True
            )[0],
        }
        for proposal in (one, other)
    ]
    assert rows[0] == rows[1]


@pytest.mark.django_db
def test_commenting_on_a_plain_page_writes_the_same_rows_with_the_view_of_the_city(client: Client) -> None:
    process, person = a_talked_of_process(), a_person()
    one, other = a_proposal(process), a_proposal(process)
    view = "/city/#lon=127.0005&lat=37.5002&d=90&a=15&p=30&t=2026-12-21T15:20"
    client.force_login(person)
    Page.at(client, one.get_absolute_url()).send("/comments/", text=TEXT, scene=view)
    body = {"key": str(uuid.uuid4()), "text": TEXT, "scene": view}
    answer = client.post(f"/api/v1/proposals/{other.pk}/comments/", body, content_type="application/json")
    assert answer.status_code == 201, answer.content
    fields = ("number", "thread", "place", "answers", "author", "role", "text", "scene", "revision")
    rows = [Comment.objects.filter(discussion=proposal.pk).values(*fields).get() for proposal in (one, other)]
    assert rows[0] == rows[1]
    assert rows[0]["scene"]["distance_m"] == 90
    assert list(Discussion.objects.values_list("comments_count", flat=True)) == [1, 1]
    kinds = [list(Event.objects.filter(room=proposal.room).values_list("kind", flat=True)) for proposal in (one, other)]
    assert kinds == [["comment.added"]] * 2


@pytest.mark.django_db
def test_voting_on_a_plain_page_writes_the_same_rows(client: Client) -> None:
    """Two marks and two ballots that differ in their random parts alone."""
    people = [a_person(), a_person()]
    poll = an_open_poll()
    client.force_login(people[0])
    page = Page.at(client, reverse("voting:ballot", args=[poll.pk])).send("/ballot/", choice="no", step="check")
    assert page.send("/ballot/", step="cast").status == 200
    client.force_login(people[1])
    told = {"choice": "no", "key": str(uuid.uuid4())}
    assert client.post(f"/api/v1/votes/{poll.pk}/ballot/", told, content_type="application/json").status_code == 201
    assert set(HasVoted.objects.values_list("entry__person", "poll")) == {(who.pk, poll.pk) for who in people}
    assert list(Ballot.objects.values_list("poll", "choice")) == [(poll.pk, "no")] * 2


def _query(told: dict[str, str]) -> str:
    return "&".join(f"{name}={value}" for name, value in told.items())
