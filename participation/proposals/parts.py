"""What outer rooms add to a proposal's page.

A room registers in its `ready()`:

    parts.main.register(discussion_of)     # (proposal, request) -> Section; under the text, full width of the column
    parts.aside.register(vote_of)          # a card beside the text, below the supports
"""

from metacity.commons.sections import Sections
from participation.proposals.models import Proposal

main: Sections[Proposal] = Sections()
aside: Sections[Proposal] = Sections()
