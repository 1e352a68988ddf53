"""A drawing in a draft: by fields, from the 3D city, for nobody but its author."""

import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from metacity.commons.models import Job, LedgerEntry
from participation.processes.kinds import DesignKind
from participation.proposals.errors import DraftNotFound
from participation.proposals.models import Draft, Proposal
from participation.proposals.services.drafts import redraw
from tests.factories.accounts import signed_in
from tests.factories.designs import (
    BUILDING,
    LABEL,
    SQUARE,
    a_draft,
    bench,
    open_process,
    page_of,
    tower,
)
from tests.factories.processes import a_person, a_process
from tests.factories.town import a_town, house
from twin.mirror.models import City
from twin.simulation import services as simulation
from twin.simulation.models import Run

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(tmp_path: Path) -> City:
    return a_town(tmp_path)


def test_a_citizen_draws_by_fields_submits_and_sees_what_it_does(town: City) -> None:
    process, author = open_process(town), a_person()
    client = signed_in(author)
    draft = a_draft(client, process)
    answer = client.post(page_of(draft), BUILDING)
    assert answer.status_code == 303, answer.content.decode()
    page = client.get(page_of(draft)).content.decode()
    assert "20층 건물" in page
    assert LABEL in page
    assert "20층 건물" in client.get(reverse("proposals:draft_check", args=[draft.id])).content.decode()
    client.post(reverse("proposals:draft_check", args=[draft.id]), {"public": "on"})
    proposal = Proposal.objects.get()
    run = Run.objects.get()
    assert run.requested_by == author
    assert Job.objects.filter(task=simulation.TASK).count() == 1
    waiting = client.get(proposal.get_absolute_url()).content.decode()
    assert f'data-run="{run.id}"' in waiting
    assert "<progress" in waiting
    simulation.compute_run(run_id=run.id)
    done = client.get(proposal.get_absolute_url()).content.decode()
    assert "햇빛이 줄어듭니다" in done
    assert "20층 건물" in done
    assert done.count(LABEL) >= 3
    entry = LedgerEntry.objects.get(action="proposal.submitted")
    assert entry.facts["design"] == proposal.content.design_version.digest  # type: ignore[union-attr]


def test_the_second_screen_offers_a_drawing_only_where_one_can_be_drawn(town: City) -> None:
    drawable, plain = open_process(town), a_process(town)
    client = signed_in(a_person())
    draft = a_draft(client, drawable, is_placed=False)
    choice = {"choice": f"point|{SQUARE[0]}|{SQUARE[1]}", "action": "next"}
    where = reverse("proposals:draft_where", args=[draft.id])
    assert client.post(where, choice)["Location"] == page_of(draft)
    assert client.post(where, {"choice": "none", "action": "next"})["Location"].endswith("/check/")
    other = a_draft(client, plain, is_placed=False)
    where = reverse("proposals:draft_where", args=[other.id])
    assert client.post(where, choice)["Location"].endswith("/check/")
    assert client.get(page_of(other)).status_code == 200
    assert client.post(page_of(other), BUILDING).status_code == 400
    assert Draft.objects.get(pk=other.pk).changes == []


@pytest.mark.parametrize("kind", [kind for kind in DesignKind if kind not in {DesignKind.REMOVE, DesignKind.REPLACE}])
def test_every_kind_can_be_drawn_by_its_form_as_it_opens(town: City, kind: DesignKind) -> None:
    process = open_process(town)
    client = signed_in(a_person())
    draft = a_draft(client, process)
    form = client.get(page_of(draft) + f"?kind={kind}").context["form"]
    fields = {name: str(form.initial.get(name, "")) for name in form.fields}
    answer = client.post(page_of(draft), {"kind": kind.value, **fields})
    draft.refresh_from_db()
    assert answer.status_code == 303, answer.content.decode()
    assert [change["kind"] for change in draft.changes] == [kind.value]


def test_a_building_that_makes_way_is_chosen_from_those_around(town: City) -> None:
    process = open_process(town, allows_demolition=True, open_land="any")
    client = signed_in(a_person())
    draft = a_draft(client, process)
    form = client.get(page_of(draft) + "?kind=replace").context["form"]
    names = dict(form.fields["object"].choices)
    assert "6호 집" in names.values()
    goes = house(town, 6)
    fields = {**BUILDING, "kind": "replace", "object": str(goes.id), "width": "12", "depth": "10"}
    assert client.post(page_of(draft), fields).status_code == 303
    draft.refresh_from_db()
    [change] = draft.changes
    assert change["object"] == str(goes.id)
    middle_e = sum(e for e, _n in change["footprint"]) / 4
    assert middle_e == pytest.approx(20.0, abs=0.5), "It stands where the building stood."
    assert "6호 집" in client.get(page_of(draft)).content.decode()


def test_changes_are_added_and_taken_away_one_by_one(town: City) -> None:
    process = open_process(town)
    client = signed_in(a_person())
    draft = a_draft(client, process)
    client.post(page_of(draft), {"design": json.dumps(bench())})
    client.post(page_of(draft), BUILDING)
    draft.refresh_from_db()
    assert [change["kind"] for change in draft.changes] == ["bench", "building"]
    client.post(page_of(draft), {"remove": "0"})
    draft.refresh_from_db()
    assert [change["kind"] for change in draft.changes] == ["building"]
    client.post(page_of(draft), {"remove": "7"})
    draft.refresh_from_db()
    assert len(draft.changes) == 1


def test_the_drawing_is_pictured_for_who_draws_it(town: City) -> None:
    client = signed_in(a_person())
    draft = a_draft(client, open_process(town))
    client.post(page_of(draft), BUILDING)
    picture = client.get(reverse("proposals:draft_picture", args=[draft.id]))
    assert picture["Content-Type"] == "image/svg+xml"
    assert "#6e3600" in picture.content.decode()
    assert LABEL in picture.content.decode()
    assert Client().get(reverse("proposals:draft_picture", args=[draft.id])).status_code == 404


def test_the_city_is_drawn_in_only_for_ones_own_draft(town: City) -> None:
    process = open_process(town, allows_demolition=True)
    owner, stranger = signed_in(a_person()), signed_in(a_person())
    draft = a_draft(owner, process)
    city = reverse("worlds:city")
    page = owner.get(f"{city}?draw={draft.id}").content.decode()
    assert f'action="{page_of(draft)}"' in page
    assert f'data-e="{SQUARE[0]}" data-n="{SQUARE[1]}"' in page
    assert LABEL in page
    assert [kind for kind in DesignKind if f'<option value="{kind.value}">' not in page] == []
    assert f'<option value="{house(town, 6).id}">6호 집</option>' in page
    for asked in (draft.id, uuid.uuid4(), "x", ""):
        assert stranger.get(f"{city}?draw={asked}").status_code == 404
    assert stranger.get(page_of(draft)).status_code == 404
    assert stranger.post(page_of(draft), BUILDING).status_code == 404
    draft.refresh_from_db()
    assert draft.changes == []


def test_without_demolition_the_city_offers_no_building_to_take_away(town: City) -> None:
    client = signed_in(a_person())
    draft = a_draft(client, open_process(town))
    page = client.get(f"{reverse('worlds:city')}?draw={draft.id}").content.decode()
    assert 'value="remove"' not in page
    assert "6호 집" not in page


def kept_in_the_city(client: Client, draft: Draft) -> list[dict[str, Any]]:
    """What the city's page is told of the drawing."""
    drawing = client.get(f"{reverse('worlds:city')}?draw={draft.id}").context["draw"]
    return list(json.loads(drawing.kept))


def test_the_city_shows_what_is_drawn_so_far_and_takes_away_what_it_names(town: City) -> None:
    client = signed_in(a_person())
    draft = a_draft(client, open_process(town))
    assert kept_in_the_city(client, draft) == []
    client.post(page_of(draft), {"design": json.dumps(bench())})
    client.post(page_of(draft), BUILDING)
    draft.refresh_from_db()
    told = kept_in_the_city(client, draft)
    assert [entry["change"] for entry in told] == draft.changes
    assert "20층 건물" in told[1]["text"]
    # In another window, somebody adds a tree meanwhile: it stays.
    tree = {"op": "add", "kind": "trees", "points": [list(SQUARE)]}
    client.post(page_of(draft), {"design": json.dumps({"changes": [tree]})})
    sent = {"design": json.dumps(tower(4)), "without": json.dumps([told[1]["change"]])}
    assert client.post(page_of(draft), sent).status_code == 303
    draft.refresh_from_db()
    assert [change["kind"] for change in draft.changes] == ["bench", "trees", "building"]
    assert draft.changes[2]["storeys"] == 4
    client.post(page_of(draft), {"design": "", "without": json.dumps(draft.changes)})
    draft.refresh_from_db()
    assert draft.changes == []


def test_a_script_is_told_where_to_go_on_or_why_not(town: City) -> None:
    client = signed_in(a_person())
    draft = a_draft(client, open_process(town, open_kinds=["bench"]))
    as_script = {"Accept": "application/json"}
    taken = client.post(page_of(draft), {"design": json.dumps(bench())}, headers=as_script)
    assert taken.json() == {"url": f"{page_of(draft)}#drawn"}
    refused = client.post(page_of(draft), {"design": json.dumps(tower(4))}, headers=as_script)
    assert refused.status_code >= 400
    assert refused.json()["code"] == "design_not_open"
    assert list(refused.json()["fields"]) == ["changes.1"]
    draft.refresh_from_db()
    assert [change["kind"] for change in draft.changes] == ["bench"]


@pytest.mark.parametrize("without", ["{", "{}", "7", "[" * 100_000, '"' + "x" * 300_000 + '"'])
def test_what_names_no_changes_takes_nothing_away(town: City, without: str) -> None:
    client = signed_in(a_person())
    draft = a_draft(client, open_process(town))
    client.post(page_of(draft), {"design": json.dumps(bench())})
    sent = {"design": json.dumps(tower(4)), "without": without}
    assert client.post(page_of(draft), sent).status_code == 400
    draft.refresh_from_db()
    assert [change["kind"] for change in draft.changes] == ["bench"]


def test_names_of_nothing_are_no_matter(town: City) -> None:
    client = signed_in(a_person())
    draft = a_draft(client, open_process(town))
    client.post(page_of(draft), {"design": json.dumps(bench()), "without": '[null, 7, {"op": "remove"}, []]'})
    draft.refresh_from_db()
    assert [change["kind"] for change in draft.changes] == ["bench"]


def test_a_drawing_into_a_draft_that_was_submitted_meanwhile_is_refused(town: City) -> None:
    process, author = open_process(town), a_person()
    client = signed_in(author)
    draft = a_draft(client, process)
    held = Draft.objects.get(pk=draft.pk)
    client.post(reverse("proposals:draft_check", args=[draft.id]), {"public": "on"})
    with pytest.raises(DraftNotFound):
        redraw(draft=held, process=process, add=bench()["changes"])
    assert not Draft.objects.exists()


def test_the_city_asks_few_queries_to_draw_in(town: City, django_assert_max_num_queries: Any) -> None:
    client = signed_in(a_person())
    draft = a_draft(client, open_process(town, allows_demolition=True))
    client.post(page_of(draft), BUILDING)
    with django_assert_max_num_queries(12):
        client.get(f"{reverse('worlds:city')}?draw={draft.id}")
