"""What the browser is told about a city before it draws anything."""

from typing import Any

from metacity.commons import events
from twin.mirror.models import City, Publication
from twin.mirror.publishing import shown_imports

# Members of a publication's manifest that the browser needs; the rest is for the office.
_SHOWN = ("bounds", "buildings", "ground", "instances", "labels", "heights", "map", "counts", "bytes")
_NOWHERE = {"target": [0.0, 0.0, 0.0], "distance_m": 500, "azimuth_deg": 30, "pitch_deg": 35}


def city_manifest(city: City) -> dict[str, Any]:
    """The state of a city, with the number of the last event that it holds. Two queries beside the city's own."""
    return {
        # First: what happens while the rest is read is then told again, and never missed.
        "seq": events.latest(city.room),
        "room": city.room,
        "slug": city.slug,
        "name": {"ko": city.name, "en": city.name_en or city.name},
        "time_zone": city.time_zone,
        "origin": {"lon": city.origin_lon, "lat": city.origin_lat, "height_m": city.origin_height_m},
        "publication": _publication(city.publication) if city.publication else None,
        "start": city.publication.manifest.get("start", _NOWHERE) if city.publication else _NOWHERE,
        "attribution": attribution(city),
    }


def attribution(city: City) -> list[dict[str, str]]:
    """Whom to name for what the city shows, each once."""
    named = {
        (" · ".join(part for part in (entry.attribution, entry.licence) if part), entry.attribution_url): None
        for entry in shown_imports(city)
        if entry.attribution
    }
    return [{"text": text, "url": url} for text, url in named]


def _publication(publication: Publication) -> dict[str, Any]:
    return {
        "id": str(publication.pk),
        "number": publication.number,
        "base_url": f"/tiles/{publication.pk}/",
        **{name: publication.manifest.get(name) for name in _SHOWN},
    }
