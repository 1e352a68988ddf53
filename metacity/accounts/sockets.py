"""Open sockets follow what happens to a person: a role given or taken, an account closed, an identity confirmed."""

from metacity.accounts.models import User
from metacity.accounts.signals import rights_changed
from metacity.commons import events


def judge_again(sender: object, *, user: User, **kwargs: object) -> None:
    events.revoke(user)


def connect() -> None:
    rights_changed.connect(judge_again)
