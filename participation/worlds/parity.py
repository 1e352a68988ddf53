"""The parity registry: every action of the 3D city, and where the same is done without it.

Elements of the city's page carry their action's name in `data-action`, on themselves or on the group around them.
"""

from dataclasses import dataclass
from enum import Enum


class Parity(Enum):
    """What “the same” means for an action."""

    CIVIC = "civic"
    """It counts: a form that works without JavaScript leads to the same rows."""
    LIVE = "live"
    """It happens among people: a page operable by keyboard, readable without JavaScript by reloading."""
    SPATIAL = "spatial"
    """It is about seeing a place: an equivalent leads to the same place or says the same in words."""


@dataclass(frozen=True, slots=True)
class Action:
    name: str
    """Its value in `data-action`."""
    parity: Parity
    route: str
    """The page, by the name of its route, that does the same without 3D."""
    how: str
    """How that page does it."""


ACTIONS: tuple[Action, ...] = (
    # What counts.
    Action("propose", Parity.CIVIC, "proposals:new", "Three plain screens, with the place carried over or chosen."),
    Action(
        "draw", Parity.CIVIC, "proposals:draft_design", "Kind, size and place of what is drawn, as fields of a form."
    ),
    Action("support", Parity.CIVIC, "proposals:support", "A button on the idea's page."),
    Action("report", Parity.CIVIC, "moderation:report", "A form with the published reasons, linked from every text."),
    # Reading ideas.
    Action("list-ideas", Parity.SPATIAL, "proposals:list", "All ideas as a list, narrowed by words, place and state."),
    Action("open-idea", Parity.SPATIAL, "proposals:detail", "An idea's own page, linked from every list."),
    Action("read-idea", Parity.SPATIAL, "proposals:detail", "Text, place in words, versions and supports."),
    Action("compare", Parity.SPATIAL, "proposals:detail", "What would change, as a picture and in words."),
    Action("share", Parity.SPATIAL, "proposals:detail", "The page's address in a field, and as a QR code."),
    # Finding and knowing places.
    Action("search", Parity.SPATIAL, "worlds:places", "Places by name, address or kind."),
    Action("go-to-place", Parity.SPATIAL, "worlds:place", "A place's own page, linked from the list."),
    Action("pick", Parity.SPATIAL, "worlds:place", "The same facts as on the card."),
    Action("read-source", Parity.SPATIAL, "worlds:place", "Where each fact comes from."),
    Action("put-away", Parity.SPATIAL, "worlds:places", "Back to the list."),
    # Moving and looking.
    Action("fly", Parity.SPATIAL, "worlds:map", "Move and zoom by keys and buttons."),
    Action("walk", Parity.SPATIAL, "worlds:place", "What is at the place and around it, in words."),
    Action("stand-here", Parity.SPATIAL, "worlds:place", "Where the place is, told from what is well known near by."),
    Action("my-place", Parity.SPATIAL, "worlds:places", "One's street or a place near by, typed; nothing is stored."),
    Action("set-sun", Parity.SPATIAL, "proposals:detail", "An idea's effect on the sun, as pictures and figures."),
    Action("switch-way", Parity.SPATIAL, "worlds:map", "The ways to look at the city stand on every page of places."),
)
