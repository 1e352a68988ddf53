"""A hidden proposal leaves every place where others would meet it, and stays readable to author and moderators."""

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from metacity.accounts.notices import words_of
from metacity.commons import events
from metacity.commons.models import Event
from participation.proposals.access import may_listen
from participation.proposals.errors import NotRevisable, NotSupportable, ProposalHidden
from participation.proposals.models import Answer, Proposal
from participation.proposals.services import approve_answer, give_support, hand_in_answer
from participation.proposals.similarity import similar_proposals
from tests.factories.accounts import person, signed_in
from tests.factories.designs import open_process, revised, submitted, tower
from tests.factories.moderation import REASON, a_moderator, decided, hidden
from tests.factories.processes import a_building, a_city, a_process
from tests.factories.proposals import a_place, a_proposal, an_answer, an_approver, an_official, in_review
from tests.factories.town import a_town
from twin.simulation.models import Run

pytestmark = pytest.mark.django_db
TITLE = "솜사탕 할인 행사 알림"


def placed(**fields: Any) -> Proposal:
    process = a_process(a_city())
    return a_proposal(process, title=TITLE, place=a_place(process), **fields)


def addresses_of(proposal: Proposal) -> list[str]:
    names = ("detail", "versions", "picture", "small_map", "qr")
    return [reverse(f"proposals:{name}", args=[proposal.pk]) for name in names] + [f"/api/v1/proposals/{proposal.pk}/"]


def test_others_meet_it_nowhere_any_more() -> None:
    proposal = placed()
    building = a_building(proposal.city, "가온도서관", e=10.0, n=20.0)
    lists = [
        "/",
        "/proposals/",
        "/proposals/?q=솜사탕",
        f"/processes/{proposal.process.slug}/",
        f"/places/{building.pk}/",
        "/api/v1/proposals/?q=솜사탕",
        f"/api/v1/cities/{proposal.city.slug}/pins/",
    ]
    assert all(TITLE in Client().get(address).content.decode() for address in lists)
    hidden(proposal)
    assert not [address for address in lists if TITLE in Client().get(address).content.decode()]
    assert similar_proposals(city=proposal.city, title=TITLE) == []


def test_to_others_it_looks_absent() -> None:
    proposal = placed()
    hidden(proposal)
    absent = Client().get("/api/v1/proposals/00000000-0000-4000-8000-000000000000/").json()
    for outsider in (Client(), signed_in(person()), signed_in(person(roles=["official"], second_factor=True))):
        assert {outsider.get(address).status_code for address in addresses_of(proposal)} == {404}
        assert outsider.get(addresses_of(proposal)[-1]).json() == absent


def test_author_and_moderators_read_it_with_the_reason_beside_it() -> None:
    proposal = placed()
    decision = hidden(proposal)
    assert proposal.author is not None
    own = signed_in(proposal.author).get(proposal.get_absolute_url()).content.decode()
    assert all(words in own for words in (TITLE, REASON, reverse("moderation:decision", args=[decision.pk])))
    assert TITLE in signed_in(proposal.author).get(reverse("proposals:mine")).content.decode()
    moderators = signed_in(a_moderator()).get(proposal.get_absolute_url()).content.decode()
    assert TITLE in moderators
    assert reverse("moderation:case", args=[decision.case_id]) in moderators
    for reader in (proposal.author, a_moderator()):
        assert {signed_in(reader).get(address).status_code for address in addresses_of(proposal)} == {200}


def test_what_only_some_may_see_no_cache_keeps_for_others() -> None:
    proposal = placed()
    picture = reverse("proposals:picture", args=[proposal.pk])
    assert "no-store" not in Client().get(picture)["Cache-Control"]
    hidden(proposal)
    assert proposal.author is not None
    kept = signed_in(proposal.author).get(picture)["Cache-Control"]
    assert "private" in kept
    assert "no-store" in kept


def test_a_hidden_design_and_its_simulation_are_hidden_with_it(tmp_path: Path) -> None:
    proposal = submitted(open_process(a_town(tmp_path)), tower())
    run = Run.objects.get()
    address = f"/api/v1/runs/{run.pk}/"
    assert Client().get(address).status_code == 200
    hidden(proposal)
    assert Client().get(address).status_code == 404
    assert signed_in(a_moderator()).get(address).status_code == 200


def test_whoever_follows_the_city_sees_the_pin_go_and_come_back() -> None:
    proposal = placed()
    decision = hidden(proposal)
    kinds = Event.objects.filter(room=proposal.city.room).order_by("seq")
    assert list(kinds.values_list("kind", flat=True)) == ["pin.changed", "pin.removed"]
    decided(decision.case, "restore")
    assert kinds.last().payload["pin"]["title"] == TITLE  # type: ignore[union-attr]
    cache.clear()
    assert TITLE in Client().get(f"/api/v1/cities/{proposal.city.slug}/pins/").content.decode()


def test_whoever_catches_up_hears_nothing_of_what_has_been_hidden_since() -> None:
    proposal = placed()
    hidden(proposal)
    city = proposal.city.room
    for reader in (person(), a_moderator()):
        told = events.replay(room=city, after=0, user=reader)
        assert [event["kind"] for event in told.events] == ["", "pin.removed"]
        assert TITLE not in str(told)


def test_its_events_are_followed_by_those_who_may_read_it() -> None:
    proposal = placed()
    hidden(proposal)
    assert proposal.author is not None
    assert may_listen(proposal.author, proposal.room)
    assert may_listen(a_moderator(), proposal.room)
    assert not may_listen(person(), proposal.room)


def test_while_it_is_hidden_it_is_neither_changed_nor_supported(tmp_path: Path) -> None:
    proposal = submitted(open_process(a_town(tmp_path)))
    author, supporter = proposal.author, person()
    assert author is not None
    give_support(proposal=proposal, person=supporter, at=timezone.now())
    hidden(proposal)
    fresh = Proposal.objects.select_related("current", "process", "city").get(pk=proposal.pk)
    with pytest.raises(NotRevisable):
        revised(fresh, author, None, title="다른 제목으로 바꿉니다")
    with pytest.raises(NotSupportable):
        give_support(proposal=fresh, person=a_moderator(), at=timezone.now())
    assert signed_in(supporter).post(reverse("proposals:support", args=[proposal.pk])).status_code == 404
    assert fresh.supports_count == 1


def test_whoever_supported_it_takes_no_title_of_it_along() -> None:
    proposal, supporter = placed(), person()
    give_support(proposal=proposal, person=supporter, at=timezone.now())
    hidden(proposal)
    for address in (reverse("accounts:export"), reverse("proposals:mine"), reverse("accounts:notices")):
        assert TITLE not in signed_in(supporter).get(address).content.decode()


def test_a_page_of_a_hidden_idea_asks_few_questions(django_assert_max_num_queries: Any) -> None:
    proposal = placed()
    hidden(proposal)
    assert proposal.author is not None
    browser = signed_in(proposal.author)
    browser.get(proposal.get_absolute_url())
    with django_assert_max_num_queries(12):
        browser.get(proposal.get_absolute_url())


def test_an_answer_that_waits_is_recalled_and_nothing_is_published_while_it_is_hidden() -> None:
    proposal, official, approver = in_review(placed()), an_official(), an_approver()
    answer = hand_in_answer(proposal=proposal, by=official, content=an_answer(), at=timezone.now())
    decision = hidden(proposal)
    told = official.notices.get(kind="office.answer_recalled")
    assert words_of(told).text == f"제안 {proposal.number}번"
    answer.refresh_from_db()
    assert answer.state == Answer.State.DRAFT
    with pytest.raises(ProposalHidden):
        approve_answer(proposal=proposal, by=approver, revision=answer.revision, at=timezone.now())
    with pytest.raises(ProposalHidden):
        hand_in_answer(proposal=proposal, by=official, content=an_answer(), at=timezone.now())
    decided(decision.case, "restore")
    again = hand_in_answer(proposal=proposal, by=official, content=an_answer(), at=timezone.now())
    approve_answer(proposal=proposal, by=approver, revision=again.revision, at=timezone.now())
    assert proposal.answers.published().count() == 1
