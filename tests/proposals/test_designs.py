"""Ideas with a design: as pages, pictures and the API tell them, in versions."""

import json
import uuid
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.proposals.designs import checked_design
from participation.proposals.errors import NothingChanged
from participation.proposals.models import Draft, Proposal
from participation.proposals.models.proposals import PlaceKind
from participation.proposals.personal import erase_proposals, export_proposals
from participation.proposals.services import (
    submit_proposal,
    withdraw_proposal,
)
from participation.proposals.states import State
from tests.factories.accounts import signed_in
from tests.factories.designs import (
    LABEL,
    SQUARE,
    bench,
    open_process,
    page_of,
    revised,
    submitted,
    tower,
)
from tests.factories.processes import a_person
from tests.factories.proposals import a_content
from tests.factories.town import a_town
from twin.mirror.designs.models import Design
from twin.mirror.models import City
from twin.simulation import services as simulation
from twin.simulation.models import Run

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(tmp_path: Path) -> City:
    return a_town(tmp_path)


def test_the_api_takes_a_design_and_tells_it_with_its_label(town: City) -> None:
    process = open_process(town)
    client = signed_in(a_person())
    told = {
        "key": str(uuid.uuid4()), "process": process.slug, "title": "마당에 도서관을",
        "text": "모두가 쓰는 작은 도서관을 지어 주세요.",
        "place": {"e": SQUARE[0], "n": SQUARE[1]}, "design": tower(),
    }  # fmt: skip
    made = client.post("/api/v1/proposals/", json.dumps(told), content_type="application/json")
    assert made.status_code == 201, made.json()
    run = Run.objects.get()
    assert made.json()["run"] == {
        "run": str(run.id), "state": "queued", "state_label": "대기 중", "progress": 0.0, "headline": "",
    } or made.json()["run"]["state"] == "queued"  # fmt: skip
    simulation.compute_run(run_id=run.id)
    read = Client().get(f"/api/v1/proposals/{made.json()['id']}/").json()
    assert read["design"]["changes"] == checked_design(process=process, raw=tower()).as_json()["changes"]
    assert read["design"]["notice"] == LABEL
    assert read["design"]["version"] == 1
    assert "20층 건물" in read["design"]["description"][0]
    assert "햇빛이 줄어듭니다" in read["run"]["headline"]
    [pin] = client.get(f"/api/v1/cities/{town.slug}/pins/").json()["pins"]
    assert pin["has_design"] is True
    assert Client().get(f"/api/v1/runs/{run.id}/").status_code == 200


def test_an_idea_in_words_has_neither_design_nor_run(town: City) -> None:
    proposal = submitted(open_process(town))
    read = Client().get(f"/api/v1/proposals/{proposal.id}/").json()
    assert (read["design"], read["run"]) == (None, None)
    assert 'id="effects"' not in Client().get(proposal.get_absolute_url()).content.decode()
    assert not Run.objects.exists()


def test_a_bench_has_no_effect_on_the_sun_and_the_page_says_so(town: City) -> None:
    proposal = submitted(open_process(town), bench())
    assert "계산할 건물이 없습니다" in Client().get(proposal.get_absolute_url()).content.decode()
    assert not Run.objects.exists()


def test_the_design_and_run_of_a_withdrawn_idea_are_its_authors_alone(town: City) -> None:
    author = a_person()
    proposal = submitted(open_process(town), tower(), author)
    run = Run.objects.get()
    withdraw_proposal(proposal=proposal, author=author, at=timezone.now())
    assert Client().get(f"/api/v1/runs/{run.id}/").status_code == 404
    assert signed_in(a_person()).get(f"/api/v1/runs/{run.id}/").status_code == 404
    assert signed_in(author).get(f"/api/v1/runs/{run.id}/").status_code == 200


def test_a_drawing_can_be_added_later_and_versions_tell_the_difference(town: City) -> None:
    author = a_person()
    client = signed_in(author)
    proposal = submitted(open_process(town), None, author)
    revised(proposal, author, tower(8), reason="그림을 더했습니다")
    revised(proposal, author, tower(12), reason="12층으로 높였습니다")
    proposal.refresh_from_db()
    assert proposal.content.number == 3
    versions = proposal.content.design_version.design.versions  # type: ignore[union-attr]
    assert list(versions.values_list("number", flat=True)) == [1, 2], "One design, in versions."
    page = client.get(reverse("proposals:versions", args=[proposal.id])).content.decode()
    assert "8층 건물" in page
    assert "12층 건물" in page
    with pytest.raises(NothingChanged):
        revised(proposal, author, tower(12))


def test_a_new_version_begins_with_the_design_as_it_is_and_may_leave_it_out(town: City) -> None:
    author = a_person()
    client = signed_in(author)
    proposal = submitted(open_process(town), tower(), author)
    client.post(reverse("proposals:revise", args=[proposal.id]))
    draft = Draft.objects.get()
    assert draft.design == checked_design(process=proposal.process, raw=tower()).as_json()
    client.post(page_of(draft), {"remove": "0"})
    client.post(reverse("proposals:draft_check", args=[draft.id]), {"public": "on"})
    proposal.refresh_from_db()
    assert (proposal.content.number, proposal.content.has_design) == (2, False)


def test_pictures_show_the_design_and_carry_its_label(town: City) -> None:
    process = open_process(town)
    plain, drawn = submitted(process), submitted(process, tower())
    addresses = [reverse("proposals:small_map", args=[proposal.id]) for proposal in (plain, drawn)]
    without, with_design = (Client().get(address).content.decode() for address in addresses)
    assert LABEL not in without
    assert LABEL in with_design
    assert "#f7af64" in with_design
    assert "<text" not in with_design, "A picture loads no typeface: its letters are outlines."
    assert 'fill="#6e3600"' in with_design
    assert 'fill="#6e3600"' not in without
    in_english = Client(HTTP_ACCEPT_LANGUAGE="en").get(addresses[1]).content.decode()
    assert "Citizen's proposal" in in_english.replace("&#x27;", "'")
    assert in_english != with_design
    og = [Client().get(reverse("proposals:picture", args=[proposal.id])).content for proposal in (plain, drawn)]
    assert og[0] != og[1]


def test_a_persons_export_tells_designs_and_what_was_withdrawn_is_erased_with_its_design(town: City) -> None:
    author = a_person()
    process = open_process(town)
    kept, withdrawn = submitted(process, tower(3), author), submitted(process, tower(4), author)
    withdraw_proposal(proposal=withdrawn, author=author, at=timezone.now())
    assert "3층 건물" in json.dumps(export_proposals(author), ensure_ascii=False)
    erase_proposals(author)
    kept.refresh_from_db()
    withdrawn = Proposal.objects.get(pk=withdrawn.pk)
    assert kept.content.has_design
    assert not withdrawn.content.has_design
    assert Design.objects.count() == 1


def test_a_proposal_without_a_place_may_still_carry_a_design_from_the_api(town: City) -> None:
    process = open_process(town)
    content = a_content(design=checked_design(process=process, raw=tower()))
    proposal = submit_proposal(process=process, author=a_person(), content=content, key=uuid.uuid4(), at=timezone.now())
    assert proposal.content.place_kind == PlaceKind.NONE
    assert proposal.state == State.SUBMITTED
    assert Client().get(proposal.get_absolute_url()).status_code == 200
    assert Client().get(reverse("proposals:picture", args=[proposal.id])).status_code == 200
