"""Where the faults of an import lie, so that one can go and look."""

import uuid
from typing import Any

from twin.mirror.cells import corner_of
from twin.mirror.models import CityObjectVersion, Publication

_MOST_CELLS = 2_000
_AT_ONCE = 900  # SQLite takes 999 parameters where it is old
Place = tuple[uuid.UUID, float, float]


def fault_places(report: dict[str, Any], publication: Publication, source: str) -> dict[str, Any]:
    """A report whose listed faults also say which object of ours has them and where its middle is.

    Items become `[source_id, detail, object_id, e, n]`, in local metres; those of objects that stand nowhere stay
    as they are. `ground` says where the city has anything at all. The objects' rows are written.
    """
    named = sorted({item[0] for fault in report["faults"] for item in fault["items"]})
    places = _places(publication, source, named)
    faults = [
        fault | {"items": [_placed(item, places.get(item[0])) for item in fault["items"]]} for fault in report["faults"]
    ]
    return report | {"faults": faults, "ground": _ground(publication)}


def _ground(publication: Publication) -> list[list[float]]:
    """The cells where the city has something: south-west corners of squares, for the background of a picture."""
    cells = CityObjectVersion.objects.shown_in(publication).values_list("cell", flat=True).distinct().order_by("cell")
    corners = (corner_of(cell) for cell in cells[:_MOST_CELLS])
    return [list(corner) for corner in corners if corner is not None]


def _placed(item: list[Any], place: Place | None) -> list[Any]:
    if place is None:
        return item
    object_id, e, n = place
    return [*item[:2], str(object_id), round(e, 1), round(n, 1)]


def _places(publication: Publication, source: str, source_ids: list[str]) -> dict[str, Place]:
    places: dict[str, Place] = {}
    for first in range(0, len(source_ids), _AT_ONCE):
        rows = (
            CityObjectVersion.objects.shown_in(publication)
            .filter(object__source=source, object__source_id__in=source_ids[first : first + _AT_ONCE])
            .values_list("object__source_id", "object_id", "min_e", "max_e", "min_n", "max_n")
        )
        for source_id, object_id, min_e, max_e, min_n, max_n in rows:
            places[source_id] = object_id, (min_e + max_e) / 2, (min_n + max_n) / 2
    return places
