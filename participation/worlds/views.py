"""Ways into the city: the first page, the 3D city, the map, and places as lists."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from metacity.commons import clocks
from metacity.commons.addresses import city_url
from metacity.commons.pagination import paginate
from metacity.commons.text import clean_text
from participation.processes.kinds import Act
from participation.processes.models import Process
from participation.processes.sections import of_city
from participation.processes.today import Card, Standing, card_of
from participation.proposals.access import listed_in
from participation.proposals.views.designing import drawing_for
from participation.worlds import parts
from participation.worlds.places import Group, named_places, rows
from twin.mirror import places
from twin.mirror.access import previewed
from twin.mirror.manifest import attribution
from twin.mirror.models import City
from twin.mirror.services import city_for

PLACES_A_PAGE = 40
IDEAS_NEAR_M = 150.0
WORDS_LENGTH = 80


@require_safe
def home(request: HttpRequest, city: str | None = None) -> HttpResponse:
    """What is open now, what people would like, and three ways in."""
    shown_city = city_for(city, request.user)
    now = clocks.now()
    running = Process.objects.in_city(shown_city).running(now).with_phases()
    cards = [card for card in (card_of(process, now) for process in running) if card.standing == Standing.OPEN]
    proposals = listed_in(shown_city)
    context = {
        "city": shown_city,
        "cards": sorted(cards, key=urgency)[:3],
        "newest": proposals.newest()[:3],
        "most_supported": proposals.with_photos().most_supported()[:3],
        "megabytes": megabytes(shown_city),
        "sections": of_city.rendered(shown_city, request),
    }
    return render(request, "worlds/home.html", context)


def urgency(card: Card) -> tuple[bool, int]:
    """Where one can propose comes first, then what closes first."""
    proposes = card.phase is not None and card.phase.lets(Act.PROPOSE)
    return not proposes, card.days_left or 0


def megabytes(city: City) -> int:
    """How much a device loads for the 3D city, rounded up; 0 where nothing is published."""
    manifest: dict[str, Any] = city.publication.manifest if city.publication else {}
    return -(-int(manifest.get("bytes", 0)) // 1_000_000)


@require_safe
def city_page(request: HttpRequest, city: str | None = None) -> HttpResponse:
    """The city in three dimensions; with `draw`, for drawing into one's own draft.

    With `publication`, the office looks at an import before everybody does; the same on the map.
    """
    shown_city = previewed(request.user, city_for(city, request.user), request.GET.get("publication", ""))
    places_url = city_url("worlds:places", shown_city)
    context = {
        "city": shown_city,
        "map_url": city_url("worlds:map", shown_city),
        "places_url": places_url,
        "search_url": places_url,
        "propose_url": city_url("proposals:new", shown_city),
        "ideas_url": city_url("proposals:list", shown_city),
        "publication_mb": megabytes(shown_city),
        "is_preview": shown_city.publication is not None and shown_city.publication.is_prepared,
        "attribution": attribution(shown_city),
        "draw": drawing_for(request, request.GET["draw"]) if "draw" in request.GET else None,
        "top_parts": parts.city_top.rendered(shown_city, request),
        "parts": parts.city.rendered(shown_city, request),
    }
    return render(request, "worlds/city.html", context)


@require_safe
def map_page(request: HttpRequest, city: str | None = None) -> HttpResponse:
    """The city as a map."""
    shown_city = previewed(request.user, city_for(city, request.user), request.GET.get("publication", ""))
    context = {
        "city": shown_city,
        "is_preview": shown_city.publication is not None and shown_city.publication.is_prepared,
        "parts": parts.map_panel.rendered(shown_city, request),
    }
    return render(request, "worlds/map.html", context)


@require_safe
def place_list(request: HttpRequest, city: str | None = None) -> HttpResponse:
    """Every place with a name, by kind or by words."""
    shown_city = city_for(city, request.user)
    words = clean_text(request.GET.get("q", "")[:WORDS_LENGTH], 4 * WORDS_LENGTH, multiline=False)
    group = request.GET.get("kind", "")
    page = paginate(named_places(shown_city, words=words, group=group), request, PLACES_A_PAGE)
    context = {
        "city": shown_city,
        "q": words,
        "group": group if group in Group.values else "",
        "groups": Group.choices,
        "page": page,
        "rows": rows(list(page)),
        "query": urlencode({name: value for name, value in (("q", words), ("kind", group)) if value}),
        "parts": parts.places.rendered(shown_city, request),
    }
    return render(request, "worlds/places.html", context)


@require_safe
def place_detail(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    """One place: what it is, and the ideas around it."""
    shown_city = city_for(city, request.user)
    card = places.card(shown_city, pk)
    near = listed_in(shown_city).near(e=card.e, n=card.n, radius_m=IDEAS_NEAR_M)
    context = {
        "city": shown_city,
        "card": card,
        "view": f"o={card.id}&e={card.e:.1f}&n={card.n:.1f}",
        "as_place": f"object={card.id}&e={card.e:.2f}&n={card.n:.2f}",
        "ideas": near.most_supported()[:10],
        "trail": [(city_url("worlds:places", shown_city), _("Places"))],
    }
    return render(request, "worlds/place.html", context)
