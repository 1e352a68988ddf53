"""A quality report to take along: as JSON for machines, as a table for spreadsheets."""

import csv
import io
from typing import Any

from django.utils.translation import gettext as _

from twin.mirror.models import CityImport
from twin.mirror.quality import FAULTS

# What spreadsheets take for a formula at the beginning of a cell.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_document(city_import: CityImport) -> dict[str, Any]:
    """What is known of an import and its data. Faults name `[source_id, detail, object_id, e, n]`, in local metres."""
    return {
        "import": str(city_import.pk),
        "city": city_import.city.slug,
        "file": city_import.file_name,
        "sha256": city_import.file_sha256,
        "source": city_import.source,
        "licence": city_import.licence,
        "security": city_import.security,
        "survey_date": city_import.survey_date.isoformat() if city_import.survey_date else None,
        "report": city_import.report,
    }


def as_csv(city_import: CityImport) -> str:
    """A row for each listed fault, with its place; begins with the mark by which spreadsheets know UTF-8."""
    rows = [(fault["code"], *item) for fault in city_import.report.get("faults", []) for item in fault["items"]]
    out = io.StringIO()
    out.write("\ufeff")
    table = csv.writer(out)
    table.writerow([_("Finding"), _("Id in the source"), _("Details"), _("Object"), _("Longitude"), _("Latitude")])
    frame = city_import.city.frame
    for code, source_id, detail, *place in rows:
        where: list[Any] = ["", "", ""]
        if place:
            object_id, e, n = place
            lon, lat, _height = frame.to_geodetic([e], [n], [0.0])
            where = [object_id, f"{float(lon[0]):.6f}", f"{float(lat[0]):.6f}"]
        table.writerow([_plain(str(FAULTS.get(code, code))), _plain(source_id), _plain(detail), *where])
    return out.getvalue()


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
