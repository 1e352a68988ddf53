"""GeoJSON text sequences (RFC 8142), and the same without record separators: a feature in each line."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from twin.mirror.frame import LocalFrame
from twin.mirror.readers.cityjson import parse
from twin.mirror.readers.crs import WGS84, SourceCrs
from twin.mirror.readers.files import CityFile
from twin.mirror.readers.footprints import Gathering
from twin.mirror.readers.geojson import add_feature, frame_of_places
from twin.mirror.readers.reading import Progress, Reading

GEOJSON_SEQUENCE_SUFFIXES = frozenset({".geojsonl", ".geojsons", ".geojsonseq", ".ndgeojson"})
RECORD_SEPARATOR = b"\x1e"


def is_geojsonseq(suffix: str, head: bytes) -> bool:
    """By the name, or by a first line that is a feature."""
    first = head.lstrip(RECORD_SEPARATOR + b" \r\n").split(b"\n", 1)[0].replace(b" ", b"")
    return suffix in GEOJSON_SEQUENCE_SUFFIXES or (
        suffix in {".jsonl", ".ndjson"} and b'"type":"Feature"' in first and b'"CityJSON' not in first
    )


def read_geojsonseq(
    file: CityFile, *, frame: LocalFrame | None, crs: SourceCrs | None, progress: Progress
) -> Iterator[Reading]:
    """A sequence, some thousand features in memory at a time.

    Features that say nothing of themselves are buildings where most areas of the same part are.
    """
    progress(0.0, _("Reading the file"))
    crs = crs or SourceCrs(WGS84)
    gathering = Gathering("GeoJSONSeq", crs, frame)
    if frame is None:
        gathering.lay_frame(frame_of_places(file, crs))
    for number, line, position in file.lines():
        where = _("%(file)s, line %(line)d") % {"file": file.name, "line": number}
        add_feature(gathering, number, parse(line.lstrip(RECORD_SEPARATOR), where))
        for part in gathering.full():
            progress(position / file.size, _("Reading the file"))
            yield part
    yield from gathering.rest()
