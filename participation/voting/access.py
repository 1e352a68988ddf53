"""How votes are reached. A draft is the office's alone."""

import uuid

from metacity.accounts.access import Visitor, require_office
from metacity.accounts.roles import Role
from metacity.commons.access import has_role
from participation.voting.errors import PollNotFound
from participation.voting.models import Poll
from participation.voting.models.polls import PollQuerySet
from twin.mirror.access import may_see
from twin.mirror.models import City

# Who makes and runs votes; and who certifies their results.
OFFICE = (Role.OFFICIAL, Role.APPROVER)
CERTIFIERS = (Role.APPROVER,)


def poll_for(user: Visitor, pk: uuid.UUID) -> Poll:
    """The poll with what its page shows, or `PollNotFound`."""
    poll = Poll.objects.with_subject().filter(pk=pk).first()
    if poll is None or not may_see(user, poll.city) or not (poll.is_public or has_role(user, *OFFICE)):
        raise PollNotFound
    return poll


def office_poll(user: Visitor, pk: uuid.UUID) -> Poll:
    """As `poll_for`, for what only the office may do."""
    require_office(user, *OFFICE)
    return poll_for(user, pk)


def listed_in(city: City) -> PollQuerySet:
    """What lists show of a city's polls."""
    return Poll.objects.in_city(city).public().with_subject()


def may_listen(user: Visitor, room: str) -> bool:
    """Whether `user` may follow a poll's events: whoever may read it."""
    try:
        poll_for(user, uuid.UUID(room.removeprefix("poll.")))
    except (ValueError, PollNotFound):
        return False
    return True
