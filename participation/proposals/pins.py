"""Proposals as pins: what the city, the map and lists of places show of them. The browser's contract."""

from functools import cache
from typing import Any

import orjson
from django.core.cache import cache as known_pins
from django.utils import translation

from metacity.commons import events
from participation.proposals.models import Proposal
from participation.proposals.states import State
from twin.mirror.models import City

CACHE_S = 600


def pin_of(proposal: Proposal) -> dict[str, Any]:
    """A placed proposal as a pin. `current` is read, nothing else."""
    content = proposal.content
    return {
        "id": str(proposal.id),
        "number": proposal.number,
        "title": content.title,
        "state": proposal.state,
        "state_label": _label(proposal.state),
        "kind": content.place_kind,
        "e": content.e,
        "n": content.n,
        "z": content.z,
        "lon": content.lon,
        "lat": content.lat,
        "supports": proposal.supports_count,
        "url": proposal.get_absolute_url(),
        "has_design": content.has_design,
    }


@cache
def _label(state: str) -> dict[str, str]:
    """In both languages: an event is read by people of either, whoever caused it."""
    labels = {}
    for language in ("ko", "en"):
        with translation.override(language):
            labels[language] = str(State(state).label)
    return labels


def pins_json(city: City) -> bytes:
    """All pins of a city with the number of the last event they hold, as JSON: ten thousand are a megabyte or two.

    One query, or none where they are cached. The number is read first: what was written since may be in the pins
    already, and its event sets it once more.
    """
    seq = events.latest(city.room)
    key = f"pins:{city.pk}:{seq}"  # never the slug: an address may come to name another city
    kept: bytes | None = known_pins.get(key)
    if kept is not None:
        return kept
    placed = Proposal.objects.in_city(city).listed().filter(current__e__isnull=False).with_content()
    pins = [pin_of(proposal) for proposal in placed.newest()]
    told = orjson.dumps({"pins": pins, "room": city.room, "seq": seq})
    known_pins.set(key, told, CACHE_S)
    return told


def announce_pin(proposal: Proposal) -> None:
    """Tell everybody who looks at the city that a pin appeared, changed or went. Inside a transaction.

    What was told of a proposal that is not public any more is withheld from whoever catches up.
    """
    room = proposal.city.room
    if not proposal.is_public:
        events.withhold(room=room, kind="pin.changed", payload__pin__id=str(proposal.id))
    if not proposal.is_listed or not proposal.content.has_place:
        events.announce(room=room, kind="pin.removed", payload={"id": str(proposal.id)})
        return
    events.announce(room=room, kind="pin.changed", payload={"pin": pin_of(proposal)})
