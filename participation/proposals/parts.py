"""What outer rooms add to a proposal's page.

A room registers in its `ready()`:

    parts.main.register(discussion_of)     # (proposal, request) -> Section; under the text, full width of the column
    parts.aside.register(vote_of)          # a card beside the text, below the supports
    parts.ask_along("has_polls", Exists(Poll.objects.filter(proposal=OuterRef("pk"))))

What is asked along comes with the proposal itself, so that a part that has nothing to say costs no query of its own.
"""

from django.db.models import Exists

from metacity.commons.sections import Sections
from participation.proposals.models import Proposal

main: Sections[Proposal] = Sections()
aside: Sections[Proposal] = Sections()
_asked: dict[str, Exists] = {}


def ask_along(name: str, whether: Exists) -> None:
    """`proposal.<name>` is then true or false wherever `access.proposal_for` has found the proposal."""
    _asked[name] = whether


def asked_along() -> dict[str, Exists]:
    return dict(_asked)
