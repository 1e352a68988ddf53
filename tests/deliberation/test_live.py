"""What is said is told to everybody who reads, each as they may read it."""

from typing import Any

import hypothesis
import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from metacity.accounts.models import User
from metacity.commons.models import Event
from participation.deliberation.content import checked
from participation.deliberation.models import Comment
from participation.deliberation.services import edit_comment, withdraw_comment
from participation.proposals.models import Proposal
from tests.factories.accounts import signed_in
from tests.factories.comments import a_comment, a_discussed_proposal, hide, show
from tests.factories.processes import a_person
from tests.state_and_events import State, prove, rolled_back

pytestmark = pytest.mark.django_db
PER_READER = ("is_mine",)


class Reader:
    """A client of the API: what it fetches, and how it applies what it hears."""

    def __init__(self, proposal: Proposal, user: User | None) -> None:
        self.proposal = proposal
        self.client = signed_in(user) if user else Client()
        self.name = user and user.display_name
        self.reads_hidden = bool(user and user.has_role("moderator"))

    def fetch(self) -> State:
        told = self.client.get(f"/api/v1/proposals/{self.proposal.pk}/comments/", {"size": 100}).json()
        comments = {one["number"]: {k: one[k] for k in one if k not in PER_READER} for one in told["results"]}
        return {"count": told["count"], "comments": comments, "seq": told["seq"]}

    def set(self, state: State, told: dict[str, Any]) -> State:
        comment = told["comment"]
        known = state["comments"].get(comment["number"])
        if known and comment["state"] == "hidden" and (self.reads_hidden or comment["author"]["ko"] == self.name):
            comment = comment | {"text": known["text"], "scene": known["scene"]}
        comments = state["comments"] | {comment["number"]: comment}
        return self._counted(state | {"comments": comments}, comment["thread"], told)

    def remove(self, state: State, told: dict[str, Any]) -> State:
        comments = {number: one for number, one in state["comments"].items() if number != told["number"]}
        return self._counted(state | {"comments": comments}, told["thread"], told)

    def _counted(self, state: State, thread: int, told: dict[str, Any]) -> State:
        comments = dict(state["comments"])
        if thread in comments:
            comments[thread] = comments[thread] | {"replies": told["thread_replies"]}
        return state | {"comments": comments, "count": told["count"]}


@given(data=st.data())
@hypothesis.settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("reader", ["anybody", "author", "moderator"])
def test_events_tell_everything_that_is_said(reader: str, data: st.DataObject) -> None:
    with rolled_back():
        author, other = a_person(alias="글쓴이"), a_person(alias="이웃")
        moderator = a_person(roles=["moderator"])
        proposal = a_discussed_proposal()
        user = {"anybody": None, "author": author, "moderator": moderator}[reader]
        client = Reader(proposal, user)

        def latest(**wanted: Any) -> Comment | None:
            return Comment.objects.with_proposal().filter(discussion=proposal.pk, **wanted).order_by("number").last()

        def answer(person: User) -> None:
            comment = latest(withdrawn_at=None, hidden_at=None)
            if comment:
                a_comment(proposal, person, text=f"{comment.number}번에 답합니다.", answers=comment)

        def change() -> None:
            comment = latest(author=author)
            if comment:
                remark = checked(city=proposal.city, text=f"고친 말 {comment.revision}")
                edit_comment(
                    comment=comment, author=author, remark=remark, revision=comment.revision, at=timezone.now()
                )

        def withdraw(**wanted: Any) -> None:
            comment = latest(author=author, withdrawn_at=None, **wanted)
            if comment:
                withdraw_comment(comment=comment, author=author, at=timezone.now())

        def hide_latest(**wanted: Any) -> None:
            comment = latest(hidden_at=None, **wanted)
            if comment:
                hide(comment)

        def show_latest() -> None:
            comment = latest(hidden_at__isnull=False)
            if comment:
                show(comment)

        prove(
            data,
            room=proposal.room,
            fetch=client.fetch,
            reducers={
                "comment.added": client.set,
                "comment.changed": client.set,
                "comment.hidden": client.set,
                "comment.shown": client.set,
                "comment.removed": client.remove,
            },
            actions=[
                lambda: a_comment(proposal, author, scene="#lon=127&lat=37.5&d=90"),
                lambda: a_comment(proposal, other),
                lambda: answer(author),
                lambda: answer(other),
                change,
                withdraw,
                lambda: withdraw(is_answered=True),
                hide_latest,
                lambda: hide_latest(author=author),
                show_latest,
            ],
            user=user,
        )


def test_the_longest_text_fits_into_an_event() -> None:
    proposal = a_discussed_proposal()
    comment = a_comment(proposal, text="😀" * 2000, scene="#lon=127&lat=37.5")
    assert Event.objects.get(room=proposal.room).payload["comment"]["text"] == comment.text
