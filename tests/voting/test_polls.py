"""The life of a vote: from the draft to the certified result, each step in the ledger, and nothing out of turn."""

import datetime as dt

import pytest
from django.utils import timezone

from metacity.accounts.models import Notice
from metacity.commons import ledger
from metacity.commons.models import LedgerEntry
from participation.proposals.services import withdraw_proposal
from participation.voting.errors import (
    InvalidPoll,
    NotChecked,
    NotLater,
    PollClosed,
    PollFrozen,
    PollMoved,
    ReasonRequired,
    SamePerson,
    TooLateToAnnounce,
)
from participation.voting.models import Ballot, HasVoted, Poll, PollNotice, RollEntry
from participation.voting.services import (
    announce_poll,
    call_off_poll,
    check_poll,
    close_poll,
    discard_poll,
    draft_poll,
    edit_poll,
    extend_poll,
    open_poll,
    publish_poll,
    resume_poll,
    suspend_poll,
    take_back_poll,
)
from participation.voting.states import State
from tests.factories.processes import a_person
from tests.factories.proposals import a_proposal
from tests.factories.voting import (
    DAY,
    HOUR,
    a_closed_poll,
    a_draft_poll,
    a_published_poll,
    a_tallied_poll,
    an_announced_poll,
    an_approver,
    an_official,
    an_open_poll,
    poll_content,
    vote,
)

pytestmark = pytest.mark.django_db


def actions_of(poll: Poll) -> list[str]:
    return list(LedgerEntry.objects.filter(subject=poll.subject).order_by("number").values_list("action", flat=True))


def fresh(poll: Poll) -> Poll:
    return Poll.objects.get(pk=poll.pk)


def test_a_vote_goes_from_draft_to_result_and_the_ledger_has_every_step() -> None:
    voter = a_person()
    poll = an_open_poll()
    vote(poll, voter)
    published = a_published_poll(poll)
    assert (published.state, published.ballots, published.yes, published.no) == (State.PUBLISHED, 1, 1, 0)
    assert actions_of(poll) == [
        f"poll.{step}"
        for step in ("drafted", "checked", "announced", "opened", "closed", "tallied", "published")
    ]  # fmt: skip
    assert ledger.first_break() is None


def test_the_ledger_holds_roll_and_board_as_hashes_and_no_reason_in_words() -> None:
    poll = an_open_poll()
    suspend_poll(poll=poll, reason="안내문에 틀린 숫자가 있습니다.", by=an_official(), at=poll.opens_at)
    opened = LedgerEntry.objects.get(subject=poll.subject, action="poll.opened")
    suspended = LedgerEntry.objects.get(subject=poll.subject, action="poll.suspended")
    assert opened.facts == {"roll": poll.roll_digest, "people": poll.roll_size}
    assert len(suspended.facts["reason"]) == 64
    assert opened.actor is None
    assert suspended.actor is not None


def test_a_draft_is_announced_only_when_its_check_has_passed_since_the_last_change() -> None:
    official, poll = an_official(), a_draft_poll()
    now = timezone.now()
    with pytest.raises(NotChecked):
        announce_poll(poll=poll, by=official, at=now)
    assert all(finding.is_good for finding in check_poll(poll=poll, by=official, at=now))
    edit_poll(poll=poll, content=poll_content(question="다른 질문일까요?"), by=official)
    with pytest.raises(NotChecked):
        announce_poll(poll=poll, by=official, at=now)
    check_poll(poll=poll, by=official, at=now)
    assert announce_poll(poll=poll, by=official, at=now).state == State.ANNOUNCED


def test_the_check_leaves_nothing_behind() -> None:
    poll = a_draft_poll()
    check_poll(poll=poll, by=an_official(), at=timezone.now())
    assert [model.objects.count() for model in (Poll, RollEntry, HasVoted, Ballot)] == [1, 0, 0, 0]


def test_the_check_finds_a_rule_that_nobody_meets_and_a_time_that_has_passed() -> None:
    official = an_official()
    poll = a_draft_poll(min_age=99)
    bad = [finding for finding in check_poll(poll=poll, by=official, at=poll.opens_at) if not finding.is_good]
    assert len(bad) == 2
    assert fresh(poll).checked_at is None


def test_a_vote_is_not_announced_after_its_opening_time() -> None:
    official, poll = an_official(), a_draft_poll()
    check_poll(poll=poll, by=official, at=timezone.now())
    with pytest.raises(TooLateToAnnounce):
        announce_poll(poll=poll, by=official, at=poll.opens_at)
    assert fresh(poll).state == State.DRAFT


def test_an_announced_vote_is_changed_only_by_making_it_a_draft_again() -> None:
    official, poll = an_official(), an_announced_poll()
    with pytest.raises(PollFrozen):
        edit_poll(poll=poll, content=poll_content(question="다른 질문일까요?"), by=official)
    draft = take_back_poll(poll=poll, by=official)
    assert (draft.state, fresh(poll).checked_at) == (State.DRAFT, None)
    edit_poll(poll=poll, content=poll_content(question="다른 질문일까요?"), by=official)
    assert fresh(poll).question == "다른 질문일까요?"


def test_an_open_vote_is_no_draft_again_and_is_not_thrown_away() -> None:
    official, poll = an_official(), an_open_poll()
    with pytest.raises(PollMoved):
        take_back_poll(poll=poll, by=official)
    with pytest.raises(PollFrozen):
        discard_poll(poll=poll, by=official)
    assert fresh(poll).state == State.OPEN


def test_a_draft_is_thrown_away() -> None:
    poll = a_draft_poll()
    discard_poll(poll=poll, by=an_official())
    assert not Poll.objects.exists()
    assert actions_of(poll) == ["poll.drafted", "poll.discarded"]


def test_nothing_opens_before_its_time_and_opening_twice_writes_one_roll() -> None:
    a_person()
    poll = an_announced_poll()
    assert open_poll(poll=poll, at=poll.opens_at - HOUR).state == State.ANNOUNCED
    for _ in range(2):
        open_poll(poll=poll, at=poll.opens_at)
    assert RollEntry.objects.count() == fresh(poll).roll_size
    assert actions_of(poll).count("poll.opened") == 1


def test_nothing_closes_before_its_time_and_closing_twice_is_one_close() -> None:
    poll = an_open_poll()
    assert close_poll(poll=poll, at=poll.closes_at - HOUR).state == State.OPEN
    for _ in range(2):
        a_closed_poll(poll)
    assert fresh(poll).state == State.CLOSED
    assert actions_of(poll).count("poll.closed") == 1


def test_a_vote_is_extended_in_public_and_with_a_reason() -> None:
    official, poll = an_official(), an_open_poll()
    extend_poll(
        poll=poll,
        until=poll.closes_at + DAY,
        reason="폭우로 이틀 동안 접속이 어려웠습니다.",
        by=official,
        at=poll.opens_at,
    )
    notice = PollNotice.objects.get()
    assert fresh(poll).closes_at == poll.closes_at + DAY == notice.closes_at
    assert (notice.closed_before, notice.reason) == (poll.closes_at, "폭우로 이틀 동안 접속이 어려웠습니다.")


@pytest.mark.parametrize("later", [dt.timedelta(0), -HOUR, 91 * DAY])
def test_a_vote_is_extended_only_to_a_later_time_within_reason(later: dt.timedelta) -> None:
    poll = an_open_poll()
    with pytest.raises(NotLater):
        extend_poll(poll=poll, until=poll.closes_at + later, reason="왜냐하면", by=an_official(), at=poll.opens_at)
    assert fresh(poll).closes_at == poll.closes_at


def test_a_vote_whose_time_is_over_is_not_extended() -> None:
    poll = an_open_poll()
    with pytest.raises(PollClosed):
        extend_poll(poll=poll, until=poll.closes_at + DAY, reason="늦었지만", by=an_official(), at=poll.closes_at)
    with pytest.raises(PollMoved):
        extend_poll(
            poll=a_closed_poll(poll), until=poll.closes_at + DAY, reason="늦었지만", by=an_official(), at=poll.closes_at
        )
    assert not PollNotice.objects.exists()


@pytest.mark.parametrize("reason", ["", "   ", "\u200b\u202e"[1:]])
def test_without_a_reason_nothing_is_suspended(reason: str) -> None:
    poll = an_open_poll()
    with pytest.raises(ReasonRequired):
        suspend_poll(poll=poll, reason=reason, by=an_official(), at=poll.opens_at)
    assert fresh(poll).state == State.OPEN


def test_personal_numbers_in_a_reason_are_masked() -> None:
    poll = an_open_poll()
    suspend_poll(poll=poll, reason="문의 010-1234-5678", by=an_official(), at=poll.opens_at)
    assert "1234" not in PollNotice.objects.get().reason


def test_a_suspended_vote_goes_on_for_as_much_longer() -> None:
    official, poll = an_official(), an_open_poll()
    suspend_poll(poll=poll, reason="질문의 금액이 틀렸습니다.", by=official, at=poll.opens_at + HOUR)
    assert close_poll(poll=poll, at=poll.closes_at).state == State.SUSPENDED
    resume_poll(poll=poll, reason="금액은 맞았습니다.", by=official, at=poll.opens_at + 4 * HOUR)
    assert (fresh(poll).state, fresh(poll).closes_at) == (State.OPEN, poll.closes_at + 3 * HOUR)


def test_no_vote_is_closed_early_by_anybody() -> None:
    poll = an_open_poll()
    with pytest.raises(PollMoved):
        call_off_poll(poll=poll, reason="그만하겠습니다.", by=an_official(), at=poll.opens_at)
    assert fresh(poll).state == State.OPEN


def test_a_vote_that_is_called_off_is_never_counted() -> None:
    voter, official = a_person(), an_official()
    poll = an_open_poll()
    vote(poll, voter)
    suspend_poll(poll=poll, reason="질문이 잘못되었습니다.", by=official, at=poll.opens_at)
    call_off_poll(poll=poll, reason="다시 준비합니다.", by=official, at=poll.opens_at)
    assert fresh(poll).state == State.CALLED_OFF
    assert (Ballot.objects.count(), HasVoted.objects.count()) == (0, 0)


def test_whoever_announced_a_vote_does_not_certify_it() -> None:
    approver = an_approver()
    poll = a_tallied_poll(an_open_poll(by=approver))
    with pytest.raises(SamePerson):
        publish_poll(poll=poll, by=approver, at=timezone.now())
    assert fresh(poll).state == State.TALLIED
    publish_poll(poll=poll, by=an_approver(), at=timezone.now())
    assert fresh(poll).state == State.PUBLISHED


def test_a_result_is_not_published_before_it_is_counted() -> None:
    poll = a_closed_poll(an_open_poll())
    with pytest.raises(PollMoved):
        publish_poll(poll=poll, by=an_approver(), at=timezone.now())


def test_the_vote_is_on_the_version_that_was_announced() -> None:
    proposal = a_proposal()
    poll = an_announced_poll(proposal)
    assert poll.version == proposal.content


def test_a_withdrawn_idea_is_not_put_to_the_vote() -> None:
    author = a_person()
    proposal = a_proposal(author=author)
    withdraw_proposal(proposal=proposal, author=author, at=timezone.now())
    with pytest.raises(InvalidPoll):
        draft_poll(proposal=proposal, content=poll_content(), by=an_official())


def test_the_author_is_told_that_the_idea_is_voted_on_and_what_came_of_it() -> None:
    author = a_person()
    a_published_poll(an_open_poll(a_proposal(author=author)))
    kinds = Notice.objects.filter(person=author, kind__startswith="voting.").order_by("made_at")
    assert [notice.kind for notice in kinds] == ["voting.announced", "voting.published"]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"question": " "}, "question"),
        ({"question": "가" * 121}, "question"),
        ({"meaning": ""}, "meaning"),
        ({"districts": ["없는동"]}, "districts"),
        ({"min_age": 13}, "min_age"),
        ({"quorum_percent": 0}, "quorum_percent"),
        ({"quorum_percent": 101}, "quorum_percent"),
        ({"min_level": "member", "min_age": 19}, "min_level"),
        ({"min_level": "anyone"}, "min_level"),
        ({"closes_at": timezone.now()}, "closes_at"),
        ({"closes_at": timezone.now() + 200 * DAY}, "closes_at"),
    ],
)
def test_a_rule_that_cannot_be_applied_is_refused_with_its_field(fields: dict[str, object], wrong: str) -> None:
    with pytest.raises(InvalidPoll) as refusal:
        poll_content(**fields)
    assert wrong in refusal.value.fields
