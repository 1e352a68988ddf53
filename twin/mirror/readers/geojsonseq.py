"""GeoJSON text sequences (RFC 8142), and the same without record separators: a feature in each line."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from twin.mirror.frame import LocalFrame
from twin.mirror.readers.cityjson import parse
from twin.mirror.readers.crs import SourceCrs
from twin.mirror.readers.files import CityFile
from twin.mirror.readers.geojson import Gathered
from twin.mirror.readers.limits import OBJECTS_A_PART
from twin.mirror.readers.reading import Progress, Reading

GEOJSON_SEQUENCE_SUFFIXES = frozenset({".geojsonl", ".geojsons", ".geojsonseq", ".ndgeojson"})
_WGS84 = 4326  # sequences have no place to say otherwise
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
    crs = crs or SourceCrs(_WGS84)
    gathered, is_first = Gathered(), True
    for number, line, position in file.lines():
        where = _("%(file)s, line %(line)d") % {"file": file.name, "line": number}
        gathered.add(number - 1, parse(line.lstrip(RECORD_SEPARATOR), where))
        if len(gathered.drafts) >= OBJECTS_A_PART:
            part = gathered.finish(crs, frame)
            frame, gathered, is_first = part.frame, Gathered(), False
            yield _named(part)
            progress(position / file.size, _("Reading the file"))
    if gathered.drafts or is_first:
        yield _named(gathered.finish(crs, frame))


def _named(part: Reading) -> Reading:
    part.format = "GeoJSONSeq"
    return part
