"""What this room holds of a person: told on request, let go when the person leaves."""

from typing import Any

from metacity.accounts.models import User
from participation.presence.access import chosen_look
from participation.presence.models import Removal, Visibility


def export_presence(user: User) -> dict[str, Any]:
    """Where people are is never kept; this is all."""
    removals = Removal.objects.filter(person=user).select_related("city").order_by("at")
    return {
        "look": chosen_look(user),
        "removals": [
            {
                "city": removal.city.slug,
                "reason": removal.reason,
                "from": removal.at.isoformat(),
                "until": removal.until.isoformat(),
                "lifted_at": removal.lifted_at.isoformat() if removal.lifted_at else None,
            }
            for removal in removals
        ],
    }


def erase_presence(user: User) -> None:
    Visibility.objects.filter(person=user).delete()
    Removal.objects.filter(person=user).delete()
