"""What the database itself refuses: other rules for a vote that was announced, other counts, other ballots.

See `commons.triggers`. Rows are removed only where their relations allow it: a poll with a roll cannot go.
"""

from metacity.commons.triggers import Guard, Rule
from participation.voting.states import FOLLOWING, State

POLL, ROLL, VOTED, BALLOT = "voting_poll", "voting_rollentry", "voting_hasvoted", "voting_ballot"
REFUSAL = "an announced vote keeps its rules and its ballots"

# What a vote is decided by: fixed as soon as people have been told.
FROZEN = (
    *("id", "city_id", "proposal_id", "version_id"),
    *("question", "question_en", "text", "text_en", "meaning", "meaning_en"),
    *("min_level", "districts", "min_age", "quorum_percent", "majority", "opens_at"),
)


def _same(*columns: str) -> str:
    return " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in columns)


def _unless(moves: str, *columns: str) -> str:
    return f"(({moves}) OR ({_same(*columns)}))"


def _moves(earlier: State, *later: State) -> str:
    names = ", ".join(f"'{state}'" for state in sorted(later))
    return f"OLD.state = '{earlier}' AND NEW.state IN ({names})"


_MAY_FOLLOW = " OR ".join(["NEW.state = OLD.state", *(_moves(state, *later) for state, later in FOLLOWING.items())])
_MAY_EXTEND = "OLD.state IN ('open', 'suspended') AND NEW.closes_at > OLD.closes_at"
_ANNOUNCED = " AND ".join(
    (
        _same(*FROZEN),
        _unless(_MAY_EXTEND, "closes_at"),
        _unless(_moves(State.ANNOUNCED, State.OPEN), "roll_size", "roll_digest"),
        _unless("OLD.state = 'open' AND NEW.turnout > OLD.turnout", "turnout"),
        _unless(_moves(State.OPEN, State.CLOSED), "ballots", "board_head"),
        _unless(_moves(State.CLOSED, State.TALLIED), "yes", "no", "abstain"),
        _unless(_moves(State.TALLIED, State.PUBLISHED), "published_at"),
    )
)

GUARD = Guard(
    refusal=REFUSAL,
    rules={
        "voting_poll_keeps_its_rules": Rule(
            POLL, "UPDATE", f"({_MAY_FOLLOW}) AND (OLD.state = 'draft' OR {_ANNOUNCED})"
        ),
        # People who leave are let go; nobody is put in the place of another.
        "voting_roll_stays": Rule(ROLL, "UPDATE", f"NEW.person_id IS NULL AND {_same('id', 'poll_id')}"),
        "voting_voted_stays": Rule(VOTED, "UPDATE"),
        "voting_ballot_stays": Rule(BALLOT, "UPDATE"),
    },
)
