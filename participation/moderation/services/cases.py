"""Taking a case in hand and letting it go."""

from datetime import datetime

from metacity.accounts.access import require_office
from metacity.accounts.models import User
from participation.moderation.access import MODERATORS
from participation.moderation.models import Case


def claim_case(*, case: Case, moderator: User, at: datetime) -> None:
    """Others see that it is in hand, and cannot decide it for a while. `CaseTaken` where somebody else has it."""
    require_office(moderator, *MODERATORS)
    case.claim(moderator, at)


def release_case(*, case: Case, moderator: User) -> None:
    """Give it back to the queue; nothing where somebody else has it."""
    case.release(moderator)
