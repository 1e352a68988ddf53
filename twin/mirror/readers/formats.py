"""Which reader takes which file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from twin.mirror.frame import LocalFrame
from twin.mirror.readers.citygml import SUFFIXES as CITYGML_SUFFIXES
from twin.mirror.readers.citygml import is_xml, read_citygml
from twin.mirror.readers.cityjson import read_cityjson
from twin.mirror.readers.cityjsonseq import read_cityjsonseq
from twin.mirror.readers.crs import SourceCrs
from twin.mirror.readers.files import SEQUENCE_SUFFIXES, CityFile
from twin.mirror.readers.geojson import read_geojson
from twin.mirror.readers.geojsonseq import GEOJSON_SEQUENCE_SUFFIXES, is_geojsonseq, read_geojsonseq
from twin.mirror.readers.reading import Progress, Reading


class Reader(Protocol):
    """Reads a file part by part. All parts are in one frame: the given one, or one that is laid around the file."""

    def __call__(
        self, file: CityFile, *, frame: LocalFrame | None, crs: SourceCrs | None, progress: Progress
    ) -> Iterator[Reading]: ...


@dataclass(frozen=True, slots=True)
class Format:
    name: str
    suffixes: frozenset[str]
    # Whether a file is of this format, by its suffix and its first bytes.
    is_format_of: Callable[[str, bytes], bool]
    read: Reader


def _later(module: str, name: str) -> Reader:
    """A reader whose module is loaded when it is first used: osmium and GDAL weigh 60 MB in every process."""

    def read(
        file: CityFile, *, frame: LocalFrame | None, crs: SourceCrs | None, progress: Progress
    ) -> Iterator[Reading]:
        reader: Reader = getattr(import_module(f"twin.mirror.readers.{module}"), name)
        return reader(file, frame=frame, crs=crs, progress=progress)

    return read


def _has_collection(suffix: str, head: bytes) -> bool:
    return suffix == ".geojson" or b'"FeatureCollection"' in head


def _is_overpass(suffix: str, head: bytes) -> bool:
    return suffix == ".json" and b'"elements"' in head and b'"FeatureCollection"' not in head


# In the order in which they are asked; the last takes whatever is left, and refuses it in its own words.
FORMATS = (
    Format("GeoJSONSeq", GEOJSON_SEQUENCE_SUFFIXES | SEQUENCE_SUFFIXES, is_geojsonseq, read_geojsonseq),
    Format(
        "CityJSONSeq", frozenset(SEQUENCE_SUFFIXES), lambda suffix, _head: suffix in SEQUENCE_SUFFIXES, read_cityjsonseq
    ),
    Format(
        "OpenStreetMap PBF",
        frozenset({".pbf"}),
        lambda suffix, _head: suffix == ".pbf",
        _later("osm.reader", "read_osm_pbf"),
    ),
    Format(
        "OpenStreetMap XML",
        frozenset({".osm"}),
        lambda suffix, _head: suffix == ".osm",
        _later("osm.reader", "read_osm_xml"),
    ),
    Format("Overpass JSON", frozenset({".json"}), _is_overpass, _later("osm.overpass", "read_overpass")),
    Format(
        "GeoPackage",
        frozenset({".gpkg"}),
        lambda suffix, _head: suffix == ".gpkg",
        _later("tables.geopackage", "read_geopackage"),
    ),
    Format(
        "Shapefile",
        frozenset({".shp"}),
        lambda suffix, _head: suffix == ".shp",
        _later("tables.shapefile", "read_shapefile"),
    ),
    Format("CityGML", CITYGML_SUFFIXES, is_xml, read_citygml),
    Format("GeoJSON", frozenset({".geojson", ".json"}), _has_collection, read_geojson),
    Format("CityJSON", frozenset({".json"}), lambda _suffix, _head: True, read_cityjson),
)


def format_of(file: CityFile) -> Format:
    """The format that says it knows the file."""
    head = file.head()
    return next(entry for entry in FORMATS if entry.is_format_of(file.suffix, head))
