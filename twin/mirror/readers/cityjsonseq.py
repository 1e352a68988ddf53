"""CityJSON sequences: a line of metadata, then one feature with its own vertices in each line."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from twin.mirror.errors import FileRefused
from twin.mirror.frame import LocalFrame
from twin.mirror.readers.cityjson import CityModel, parse, stated_crs, version_of
from twin.mirror.readers.crs import SourceCrs
from twin.mirror.readers.files import CityFile
from twin.mirror.readers.reading import Progress, Reading

_LINES_A_REPORT = 500


def read_cityjsonseq(
    file: CityFile, *, frame: LocalFrame | None, crs: SourceCrs | None, progress: Progress
) -> Iterator[Reading]:
    """A sequence, one line in memory at a time."""
    lines = file.lines()
    first = next(lines, None)
    if first is None:
        raise FileRefused(_("%(file)s is empty.") % {"file": file.name})
    number, line, _position = first
    header = parse(line, _line(file, number))
    version = version_of(header, "CityJSON", _line(file, number))
    model = CityModel(crs or stated_crs(header), f"CityJSONSeq {version}")
    model.use_templates(header.get("geometry-templates"))
    if header.get("CityObjects"):
        model.add(header["CityObjects"], header.get("vertices"), header.get("transform"))
    for number, line, position in lines:
        where = _line(file, number)
        feature = parse(line, where)
        if feature.get("type") != "CityJSONFeature":
            raise FileRefused(_("%(where)s is no CityJSONFeature.") % {"where": where})
        model.add(feature.get("CityObjects"), feature.get("vertices"), header.get("transform"), f"{where}: ")
        if number % _LINES_A_REPORT == 0:
            progress(0.7 * position / file.size, _("Reading the file"))
    progress(0.7, _("Placing the objects"))
    yield model.finish(frame)


def _line(file: CityFile, number: int) -> str:
    return _("%(file)s, line %(line)d") % {"file": file.name, "line": number}
