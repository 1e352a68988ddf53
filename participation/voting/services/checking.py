"""The check before a poll is announced: its rule is applied, and sample ballots go the whole way and leave nothing.

The sample is cast, closed and counted by the same functions as real ballots, on a poll and a roll made up for it,
within a transaction that is rolled back.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from metacity.accounts.models import User
from metacity.commons import ledger
from participation.voting import receipts
from participation.voting.board import board_of, head_of_ballots
from participation.voting.eligibility import eligible
from participation.voting.errors import PollFrozen
from participation.voting.models import Choice, HasVoted, Poll, RollEntry
from participation.voting.services.casting import look_up, put_in
from participation.voting.services.closing import seal, tally_ballots
from participation.voting.states import EDITABLE, State
from participation.voting.verify import faults_of

SAMPLE = {Choice.YES: 4, Choice.NO: 3, Choice.ABSTAIN: 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and whether it is as it should be."""

    is_good: bool
    text: str


@transaction.atomic
def check_poll(*, poll: Poll, by: User, at: datetime) -> list[Finding]:
    """Look whether a draft can be announced. When every finding is good, that is noted until the next change."""
    poll = Poll.objects.locked(poll.pk)
    if poll.state not in EDITABLE:
        raise PollFrozen
    findings = [_time(poll, at), _roll(poll), _words(poll), *_sample(poll)]
    passed = all(finding.is_good for finding in findings)
    Poll.objects.filter(pk=poll.pk).update(checked_at=at if passed else None)
    facts = {"passed": int(passed)}
    ledger.record(action="poll.checked", actor=by.actor_id, subject=poll.subject, facts=facts)
    return findings


def _time(poll: Poll, at: datetime) -> Finding:
    if poll.opens_at > at:
        return Finding(True, _("It opens in the future."))
    return Finding(False, _("The opening time has passed. Please choose a later one."))


def _roll(poll: Poll) -> Finding:
    people = eligible(poll).count()
    if people:
        told = _("As things stand, %(people)s people would be on the roll.")
        return Finding(True, told % {"people": f"{people:,}"})
    return Finding(False, _("As things stand, nobody would be on the roll. Please check who may vote."))


def _words(poll: Poll) -> Finding:
    """English may be missing, which is said and does not stop anybody."""
    if poll.question_en and poll.meaning_en:
        return Finding(True, _("Question and meaning stand in Korean and in English."))
    return Finding(True, _("Question or meaning has no English. English pages will show the Korean."))


def _sample(poll: Poll) -> list[Finding]:
    with transaction.atomic():
        findings = _try_out(_made_up(poll))
        transaction.set_rollback(True)
    return findings


def _made_up(poll: Poll) -> Poll:
    trial = Poll.objects.get(pk=poll.pk)
    trial.pk, trial.state, trial.roll_size = uuid.uuid4(), State.OPEN, sum(SAMPLE.values())
    trial.save(force_insert=True)
    return trial


def _try_out(trial: Poll) -> list[Finding]:
    choices = [choice for choice, count in SAMPLE.items() for _number in range(count)]
    entries = RollEntry.objects.bulk_create(RollEntry(poll=trial) for _choice in choices)
    given = {_cast(trial, entry, choice): choice for entry, choice in zip(entries, choices, strict=True)}
    refused = not HasVoted.objects.add(entries[0])
    ballots = seal(trial)
    trial.move_to(State.CLOSED, ballots=len(ballots), board_head=head_of_ballots(trial.id, ballots))
    counted = tally_ballots(trial)
    trial.move_to(State.TALLIED, **counted)
    trial.move_to(State.PUBLISHED)
    found = all(look_up(poll=trial, typed=receipt).choice == choice for receipt, choice in given.items())
    faults = faults_of(board_of(trial).as_json())
    return [
        Finding(len(ballots) == len(choices), _("%(count)d sample ballots were taken.") % {"count": len(ballots)}),
        Finding(refused, _("A second ballot by the same person was refused.")),
        Finding(counted == SAMPLE, _("The sample was counted as it was cast.")),
        Finding(found, _("Every receipt led to its ballot.")),
        Finding(not faults, _("The independent check script found the board whole.")),
    ]


def _cast(trial: Poll, entry: RollEntry, choice: Choice) -> str:
    receipt = receipts.receipt_of(trial.id, uuid.uuid4())
    HasVoted.objects.add(entry)
    put_in(trial, receipt, choice)
    return receipt
