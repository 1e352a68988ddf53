"""GeoJSON (RFC 7946): footprints with heights or storeys become buildings, the rest what their properties say."""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from twin.mirror.errors import FileRefused
from twin.mirror.frame import LocalFrame
from twin.mirror.readers.assembly import frame_around
from twin.mirror.readers.cityjson import parse
from twin.mirror.readers.crs import WGS84, SourceCrs, epsg_of
from twin.mirror.readers.files import CityFile
from twin.mirror.readers.footprints import Gathering
from twin.mirror.readers.jsonstream import items, mentions
from twin.mirror.readers.reading import Progress, Reading

# A file of this size is read in several parts; where its middle is, pieces of it tell.
_SAMPLED_FROM = 8 << 20
_SAMPLES, _SAMPLE_BYTES = 128, 1 << 15
_NUMBER = rb"(-?\d{1,10}(?:\.\d{1,20})?)"
_FIRST_POINT = re.compile(rb'"coordinates"\s*:[\s\[]*' + _NUMBER + rb"\s*,\s*" + _NUMBER + rb"\s*[,\]]")


def read_geojson(
    file: CityFile, *, frame: LocalFrame | None, crs: SourceCrs | None, progress: Progress
) -> Iterator[Reading]:
    """A feature collection or a single feature, one feature in memory at a time."""
    progress(0.0, _("Reading the file"))
    file.require_readable()
    crs = crs or _stated_crs(file)
    gathering = Gathering("GeoJSON", crs, frame)
    if frame is None:
        gathering.lay_frame(frame_of_places(file, crs))
    number = 0
    for number, (feature, position) in enumerate(items(file, "features.item"), start=1):
        add_feature(gathering, number, feature)
        for part in gathering.full():
            progress(0.9 * position / file.size, _("Reading the file"))
            yield part
    if not number:
        add_feature(gathering, 1, _single_feature(file))
    progress(0.9, _("Placing the objects"))
    yield from gathering.rest()


def frame_of_places(file: CityFile, crs: SourceCrs) -> LocalFrame | None:
    """Around first points of features from all over a file; None for one that its first part may be the whole of."""
    if file.size < _SAMPLED_FROM:
        return None
    places: list[list[float]] = []
    with file.open() as opened:
        for number in range(_SAMPLES):
            opened.seek(number * file.size // _SAMPLES)
            places += [[float(value) for value in pair] for pair in _FIRST_POINT.findall(opened.read(_SAMPLE_BYTES))]
    geodetic = crs.to_geodetic(np.array([[*place, 0.0] for place in places]).reshape(-1, 3))
    inside = geodetic[crs.is_inside(geodetic)]
    return frame_around(inside) if len(inside) else None


def _single_feature(file: CityFile) -> dict[str, Any]:
    document = parse(file.read(), file.name)
    if document.get("type") == "FeatureCollection" and document.get("features") == []:
        raise FileRefused(_("The file holds no city objects."))
    if document.get("type") != "Feature":
        raise FileRefused(_("%(file)s is neither CityJSON nor a GeoJSON feature collection.") % {"file": file.name})
    return document


def _stated_crs(file: CityFile) -> SourceCrs:
    """RFC 7946 knows longitude and latitude only; the older `crs` member is still written, and honoured."""
    older, _position = next(items(file, "crs"), (None, 0)) if mentions(file, b'"crs"') else (None, 0)
    if not isinstance(older, dict):
        return SourceCrs(WGS84)
    properties = older.get("properties")
    name = properties.get("name") if isinstance(properties, dict) else None
    epsg = epsg_of(name)
    if epsg is None:
        raise FileRefused(_("%(crs)s is no coordinate system that we know.") % {"crs": str(name)[:120]})
    return SourceCrs(epsg)


def add_feature(gathering: Gathering, number: int, raw: object) -> None:
    """Raises `FileRefused` for what is no feature."""
    label = _("feature %(number)d") % {"number": number}
    if not isinstance(raw, dict) or raw.get("type") != "Feature":
        raise FileRefused(_("%(id)s is no GeoJSON feature.") % {"id": label})
    properties = raw.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    geometry = raw.get("geometry")
    if not isinstance(geometry, dict):
        gathering.part.types[_("without geometry")] += 1
        return
    source_id = gathering.ids.of(raw.get("id"), properties, geometry.get("coordinates"), label)
    for part_number, part in enumerate(_parts(geometry, source_id)):
        gathering.add(source_id if not part_number else f"{source_id}/{part_number + 1}", properties, part)


def _parts(geometry: dict[str, Any], source_id: str) -> Iterator[dict[str, Any]]:
    """The geometry, or those of a collection; collections within collections are refused."""
    if geometry.get("type") != "GeometryCollection":
        yield geometry
        return
    parts = geometry.get("geometries")
    for part in parts if isinstance(parts, list) else []:
        if not isinstance(part, dict) or part.get("type") == "GeometryCollection":
            raise FileRefused(_("%(id)s holds a collection within a collection.") % {"id": source_id})
        yield part
