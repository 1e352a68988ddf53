"""Polls and what the office told about them; the roll; who has voted; ballots."""

from participation.voting.models.ballots import Ballot, Choice, HasVoted
from participation.voting.models.polls import Majority, Poll, PollNotice
from participation.voting.models.roll import RollEntry

__all__ = ["Ballot", "Choice", "HasVoted", "Majority", "Poll", "PollNotice", "RollEntry"]
