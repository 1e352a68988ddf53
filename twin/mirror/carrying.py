"""From what was handed in to a publication that is ready: read, check, write, tile, part by part."""

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.conf import settings
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from metacity.commons import clocks
from twin.mirror import tiles
from twin.mirror.faultplaces import fault_places
from twin.mirror.models import CityImport, Publication
from twin.mirror.quality import Report
from twin.mirror.readers import Part, Progress, Stream
from twin.mirror.stock import Shown
from twin.mirror.store import Writer

# How far an import is when all was read and written.
READ_SHARE = 0.4
_SIGN_OF_LIFE_S = 2.0


@dataclass(slots=True)
class Telling:
    """Tells `progress`, and from time to time the import's own row, once there is one."""

    progress: Progress
    city_import: CityImport | None = None
    _last: float = field(default=-math.inf, init=False)

    def __call__(self, share: float, note: str) -> None:
        self.progress(share, note)
        if self.city_import is None or time.monotonic() - self._last < _SIGN_OF_LIFE_S:
            return
        self._last = time.monotonic()
        CityImport.objects.filter(pk=self.city_import.pk).update(
            progress=min(max(share, 0.0), 1.0), note=note[:300], seen_at=clocks.now()
        )


def inspect(stream: Stream) -> dict[str, Any]:
    """Read and check a delivery as an import would, and change nothing: the quality report.

    Raises what an import raises for the files.
    """
    report = Report()
    for part in stream:
        report.add(part.reading, part.file.shown_name)
    report.note(stream.orphans())
    return report.finish(stream.delivery.left_out)


def carry_out(
    city_import: CityImport, publication: Publication, stream: Stream, parts: Iterable[Part], told: Progress
) -> None:
    """Write the parts of a delivery as rows and the publication's files; leaves both to be published.

    What was found and written stands in `city_import.report`, what the browser needs in `publication.manifest`; neither
    is saved.
    """
    writer, report = Writer(city_import, publication), Report()
    for part in parts:
        report.add(part.reading, part.file.shown_name)
        writer.add(part.reading.features)
    report.note(stream.orphans())
    told(READ_SHARE, _("Writing the objects"))
    written = writer.finish()
    manifest = _tile(city_import, publication, told)
    found = report.finish(stream.delivery.left_out) | {
        "written": written.as_facts(),
        "tiles": manifest.pop("report", {}),
    }
    city_import.report = fault_places(found, publication, city_import.source)
    publication.manifest = manifest


def _tile(city_import: CityImport, publication: Publication, told: Progress) -> dict[str, Any]:
    shown = Shown(publication)
    manifest = tiles.build_city(
        shown,
        city_import.city.frame,
        settings.PUBLICATIONS_ROOT / str(publication.pk),
        within(told, READ_SHARE, 0.98, translate=_stage),
        attribution=city_import.attribution,
    )
    return manifest | {"start": _start(shown.centres(), manifest)}


def within(progress: Progress, low: float, high: float, translate: Callable[[str], str] = str) -> Progress:
    """A part of a larger progress."""
    return lambda share, note: progress(low + (high - low) * share, translate(note))


def _stage(code: str) -> str:
    """What `tiles.build` is doing, in words."""
    return {
        "buildings": _("Drawing the buildings"),
        "ground": _("Drawing the ground"),
        "map": _("Drawing the map"),
        "packing": _("Packing the files"),
    }.get(code, code)


def _start(centres: NDArray[np.float64], manifest: dict[str, Any]) -> dict[str, Any]:
    """Where a first look goes: the middle of the buildings, from the south-west and from above."""
    bounds = manifest["bounds"]
    low, high = np.array(bounds["min"]), np.array(bounds["max"])
    if len(centres):
        e, n, z = np.median(centres, axis=0)
        spread = float(np.median(np.hypot(*(centres[:, :2] - [e, n]).T)))
    else:
        (e, n), z, spread = ((low + high) / 2)[:2], float(low[2]), float(np.hypot(*(high - low)[:2])) / 4
    return {
        "target": [round(float(e), 1), round(float(n), 1), round(float(z), 1)],
        "distance_m": round(min(max(spread * 1.5, 150.0), 900.0)),
        "azimuth_deg": 30,
        "pitch_deg": 35,
    }
