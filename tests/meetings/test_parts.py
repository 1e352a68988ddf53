"""What meetings add to the pages of other rooms."""

from typing import Any

import pytest

from tests.factories.accounts import signed_in
from tests.factories.comments import a_comment, a_talked_of_process
from tests.factories.meetings import an_open_meeting
from tests.factories.processes import a_person
from tests.factories.proposals import a_place, a_proposal
from tests.factories.voting import an_open_poll

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
