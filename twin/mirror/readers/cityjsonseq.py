"""CityJSON sequences: a line of metadata, then one feature with its own vertices in each line."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from twin.mirror.errors import FileRefused
from twin.mirror.frame import LocalFrame
from twin.mirror.readers.cityjson import CityModel, parse, stated_crs, version_of
from twin.mirror.readers.crs import SourceCrs
from twin.mirror.readers.files import CityFile
from twin.mirror.readers.limits import OBJECTS_A_PART, VERTICES_A_PART
from twin.mirror.readers.reading import Progress, Reading

_LINES_A_REPORT = 500


def read_cityjsonseq(
    file: CityFile, *, frame: LocalFrame | None, crs: SourceCrs | None, progress: Progress
) -> Iterator[Reading]:
    """A sequence, some thousand objects in memory at a time. An object and its parts stand in one line."""
    lines = file.lines()
    first = next(lines, None)
    if first is None:
        raise FileRefused(_("%(file)s is empty.") % {"file": file.name})
    number, line, _position = first
    header = parse(line, _line(file, number))
    version = version_of(header, "CityJSON", _line(file, number))
    crs = crs or stated_crs(header)

    def fresh() -> CityModel:
        model = CityModel(crs, f"CityJSONSeq {version}", is_part=True)
        model.use_templates(header.get("geometry-templates"))
        return model

    model, is_first = fresh(), True
    if header.get("CityObjects"):
        model.add(header["CityObjects"], header.get("vertices"), header.get("transform"))
    for number, line, position in lines:
        where = _line(file, number)
        feature = parse(line, where)
        if feature.get("type") != "CityJSONFeature":
            raise FileRefused(_("%(where)s is no CityJSONFeature.") % {"where": where})
        model.add(feature.get("CityObjects"), feature.get("vertices"), header.get("transform"), f"{where}: ")
        if number % _LINES_A_REPORT == 0:
            progress(position / file.size, _("Reading the file"))
        if len(model.drafts) >= OBJECTS_A_PART or model.vertex_count >= VERTICES_A_PART:
            part = model.finish(frame)
            frame, model, is_first = part.frame, fresh(), False
            yield part
    if model.drafts or is_first:
        yield model.finish(frame)


def _line(file: CityFile, number: int) -> str:
    return _("%(file)s, line %(line)d") % {"file": file.name, "line": number}
