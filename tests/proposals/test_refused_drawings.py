"""Drawings that cannot be taken: refused in words, changing nothing."""

import json
import uuid
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from participation.processes.models import Process
from participation.proposals.designs import checked_design
from participation.proposals.errors import DesignNotOpen
from participation.proposals.models import Proposal
from tests.factories.accounts import signed_in
from tests.factories.designs import (
    BUILDING,
    SCRIPT,
    a_draft,
    bench,
    open_process,
    page_of,
    submitted,
    tower,
)
from tests.factories.processes import a_person, a_process
from tests.factories.town import a_town, house
from twin.mirror.designs.models import Design
from twin.mirror.models import City

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(tmp_path: Path) -> City:
    return a_town(tmp_path)


REFUSED: dict[str, object] = {
    "outside the city": tower(centre=(90_000.0, 0.0)),
    "three kilometres high": tower(900),
    "storeys of a kilometre": tower(3, storey_height_m=1000),
    "ten thousand corners": {
        "changes": [{"op": "add", "kind": "park", "area": [[i * 0.001, i % 7] for i in range(10_000)]}]
    },
    "crossing itself": {
        "changes": [{"op": "add", "kind": "building", "storeys": 2, "footprint": [[0, 0], [9, 9], [9, 0], [0, 9]]}]
    },
    "no numbers": tower(3, storey_height_m=float("nan")),
    "huge numbers": {"changes": [{"op": "add", "kind": "bench", "point": [10**400, 0]}]},
    "huge storeys": tower(10**400),
    "script as a kind": {"changes": [{"op": "add", "kind": SCRIPT}]},
    "script as a use": tower(3, use=SCRIPT * 2),
    "nothing": {"changes": []},
    "a list": [],
    "a word": "design",
    "a building of nowhere": {"changes": [{"op": "remove", "object": str(uuid.uuid4())}]},
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_built_is_refused_and_changes_nothing(town: City, name: str) -> None:
    process = open_process(town, allows_demolition=True)
    client = signed_in(a_person())
    draft = a_draft(client, process)
    client.post(page_of(draft), {"design": json.dumps(bench())})
    raw = REFUSED[name]
    page = client.post(page_of(draft), {"design": json.dumps(raw)})
    assert page.status_code == 400
    assert "<script>alert" not in page.content.decode()
    draft.refresh_from_db()
    assert [change["kind"] for change in draft.changes] == ["bench"]
    told = {"key": str(uuid.uuid4()), "process": process.slug, "title": "마당에 탑을", "text": "높은 탑을 지어 주세요."}
    answer = client.post("/api/v1/proposals/", json.dumps(told | {"design": raw}), content_type="application/json")
    assert answer.status_code == 400
    assert set(answer.json()) == {"code", "message", "fields"}
    assert not Proposal.objects.exists()
    assert not Design.objects.exists()


@pytest.mark.parametrize("sent", ["", "{", "[" * 100_000, "null", '{"changes": ' + " " * 300_000 + "}"])
def test_what_is_no_json_is_refused(town: City, sent: str) -> None:
    client = signed_in(a_person())
    draft = a_draft(client, open_process(town))
    assert client.post(page_of(draft), {"design": sent}).status_code == 400
    draft.refresh_from_db()
    assert draft.changes == []


def test_five_megabytes_are_refused(town: City) -> None:
    process = open_process(town)
    client = signed_in(a_person())
    draft = a_draft(client, process)
    assert client.post(page_of(draft), {"design": "9" * 5_000_000}).status_code in {400, 413}
    told = {
        "key": str(uuid.uuid4()),
        "process": process.slug,
        "title": "큰 그림",
        "text": "아주 큰 그림입니다. 정말로.",
        "design": "9" * 5_000_000,
    }
    answer = client.post("/api/v1/proposals/", json.dumps(told), content_type="application/json")
    assert answer.status_code == 413
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("storeys", "900"),
        ("storeys", "셋"),
        ("width", "nan"),
        ("width", "-4"),
        ("depth", "1e999"),
        ("roof", SCRIPT),
        ("use", SCRIPT * 5),
    ],
)
def test_a_refused_field_is_named_and_what_was_typed_stays(town: City, field: str, typed: str) -> None:
    client = signed_in(a_person())
    draft = a_draft(client, open_process(town))
    answer = client.post(page_of(draft), {**BUILDING, field: typed})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert 'value="20"' in page or field == "storeys"
    assert "<script>alert" not in page


def test_script_in_the_use_of_a_building_stays_text(town: City) -> None:
    process, author = open_process(town), a_person()
    proposal = submitted(process, tower(use=SCRIPT[:40]), author)
    for page in (proposal.get_absolute_url(), reverse("proposals:small_map", args=[proposal.id])):
        assert "<script>alert" not in Client().get(page).content.decode()


def test_a_kind_that_the_project_does_not_open_is_refused_by_name(town: City) -> None:
    process = a_process(town, open_kinds=["bench"])
    with pytest.raises(DesignNotOpen) as refusal:
        checked_design(process=process, raw={"changes": [*bench()["changes"], *tower()["changes"]]})
    assert list(refusal.value.fields) == ["changes.1"]
    assert "새 건물" in refusal.value.fields["changes.1"][0]


def test_demolition_is_closed_unless_the_project_opens_it_and_private_houses_stay(town: City) -> None:
    raw = {"changes": [{"op": "remove", "object": str(house(town, 5).id)}]}
    with pytest.raises(DesignNotOpen):
        checked_design(process=open_process(town), raw=raw)
    with pytest.raises(DesignNotOpen) as refusal:
        checked_design(process=open_process(town, allows_demolition=True), raw=raw)
    assert "5호 집" in refusal.value.fields["changes.0"][0]
    design = checked_design(process=open_process(town, allows_demolition=True, open_land="any"), raw=raw)
    assert design.objects == {str(house(town, 5).id)}


def test_land_that_is_not_public_is_refused_naming_the_change(town: City) -> None:
    process = open_process(town)
    client = signed_in(a_person())
    draft = a_draft(client, process)
    answer = client.post(page_of(draft), {**BUILDING, "east": "60"})
    assert answer.status_code == 400
    assert "공공 땅인지 확인되지 않은 곳입니다: 새로 짓습니다: 20층" in answer.content.decode()
    assert checked_design(process=open_process(town, open_land="any"), raw=tower(centre=(60.0, -30.0)))


def test_a_draft_whose_project_closed_its_kind_says_so_before_submission_and_stays(town: City) -> None:
    process = open_process(town)
    client = signed_in(a_person())
    draft = a_draft(client, process)
    client.post(page_of(draft), BUILDING)
    Process.objects.filter(pk=process.pk).update(open_kinds=["bench"])
    check = reverse("proposals:draft_check", args=[draft.id])
    assert "이 참여 사업에서는 ‘새 건물’ 그림을 받지 않습니다" in client.get(check).content.decode()
    assert client.post(check, {"public": "on"}).status_code == 400
    assert not Proposal.objects.exists()
    client.post(page_of(draft), {"remove": "0"})
    assert client.post(check, {"public": "on"}).status_code == 303
