"""What meetings add to the pages of other rooms."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from participation.proposals.models import Proposal
from tests.factories.accounts import signed_in
from tests.factories.comments import a_comment, a_talked_of_process
from tests.factories.meetings import HOUR, a_meeting, an_open_meeting, lead
from tests.factories.processes import a_person
from tests.factories.proposals import a_place, a_proposal
from tests.factories.voting import an_open_poll

TODAY = dt.datetime(2026, 12, 21, 1, 0, tzinfo=dt.UTC)  # ten in the morning in Seoul
pytestmark = pytest.mark.django_db


def test_a_proposal_with_a_vote_a_meeting_and_comments_asks_few_queries(django_assert_max_num_queries: Any) -> None:
    process = a_talked_of_process()
    proposal = a_proposal(process, place=a_place(process))
    an_open_poll(proposal)
    an_open_meeting(process.city, proposal=proposal)
    a_comment(proposal)
    client = signed_in(a_person())
    with django_assert_max_num_queries(12):
        page = client.get(proposal.get_absolute_url())
    assert "동네 회의" in page.content.decode()


def at_hand(proposal: Proposal) -> list[str]:
    """The states of what the cards of an idea on the map and in the city show of meetings."""
    answer = Client().get("/api/v1/meetings/", {"proposal": str(proposal.pk), "when": "today"})
    return [meeting["state"] for meeting in answer.json()["results"]]


@time_machine.travel(TODAY, tick=False)
def test_an_idea_shows_the_meetings_about_it_that_are_on_or_begin_today() -> None:
    proposal = a_proposal()
    day = dt.timedelta(days=1)
    for starts_at in (TODAY + day, TODAY + 13 * HOUR):  # tomorrow, and late in Seoul's evening
        a_meeting(proposal.city, proposal=proposal, starts_at=starts_at, ends_at=starts_at + HOUR)
    an_open_meeting(proposal.city, proposal=proposal)
    cancelled = an_open_meeting(proposal.city, proposal=proposal)
    lead(cancelled, "close")
    an_open_meeting(proposal.city)
    assert at_hand(proposal) == ["open", "planned"]
    assert at_hand(a_proposal(proposal.process)) == []


@pytest.mark.parametrize("query", [{"proposal": "all"}, {"when": "soon"}])
def test_a_question_that_makes_no_sense_is_refused(query: dict[str, str]) -> None:
    a_proposal()
    assert Client().get("/api/v1/meetings/", query).status_code == 400
