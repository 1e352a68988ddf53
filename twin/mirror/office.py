"""The office's pages about cities: what was imported, and what is wrong with it."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from metacity.commons.access import role_required
from metacity.commons.errors import NotFound
from metacity.commons.pagination import paginate
from twin.mirror.access import OFFICE_ROLES, city_for_user
from twin.mirror.features import Kind
from twin.mirror.models import City, CityImport
from twin.mirror.quality import FAULTS, GEOMETRY_FAULTS, HEIGHT_SOURCES, height_note, level_label, limits
from twin.mirror.readers.delivery import REASONS
from twin.mirror.vocabulary import KIND_LABELS

IMPORTS_A_PAGE = 20
Row = dict[str, Any]


@require_safe
@role_required(*OFFICE_ROLES)
def cities(request: HttpRequest) -> HttpResponse:
    """All cities of the installation."""
    page = paginate(City.objects.select_related("publication").order_by("-is_default", "name"), request)
    return render(request, "mirror/cities.html", {"page": page})


@require_safe
@role_required(*OFFICE_ROLES)
def imports(request: HttpRequest, slug: str) -> HttpResponse:
    """What was imported into a city, the latest first."""
    city = city_for_user(request.user, slug)
    found = city.imports.select_related("publication").defer("report").order_by("-started_at", "pk")
    context = {"city": city, "page": paginate(found, request, IMPORTS_A_PAGE), "trail": _trail()}
    return render(request, "mirror/imports.html", context)


@require_safe
@role_required(*OFFICE_ROLES)
def report(request: HttpRequest, slug: str, import_id: uuid.UUID) -> HttpResponse:
    """The quality report of one import."""
    city = city_for_user(request.user, slug)
    found = CityImport.objects.select_related("publication").filter(city=city, pk=import_id).first()
    if found is None:
        raise NotFound
    trail = [*_trail(), (reverse("mirror:imports", args=[city.slug]), city.display_name)]
    context = {"city": city, "import": found, "trail": trail, **report_tables(found.report)}
    return render(request, "mirror/report.html", context)


def report_tables(stored: dict[str, Any]) -> Row:
    """A stored report as the rows of its tables, in the reader's language; empty where nothing was stored."""
    if not stored:
        return {}
    faults = [
        {
            "title": FAULTS[fault["code"]],
            "count": fault["count"],
            "rows": fault["items"],
            "is_geometry": fault["code"] in GEOMETRY_FAULTS,
            "has_more": fault["count"] > len(fault["items"]),
        }
        for fault in stored["faults"]
        if fault["code"] in FAULTS
    ]
    return {
        "report": stored,
        "height_note": height_note(stored["crs"]),
        "kinds": [
            {"label": KIND_LABELS[Kind(kind)], "count": count, "levels": _levels(stored["lods"].get(kind, {}))}
            for kind, count in stored["kinds"].items()
        ],
        "height_sources": [
            {"label": HEIGHT_SOURCES[source], "count": count}
            for source, count in stored["heights"]["sources"].items()
            if count
        ],
        "repeated": [entry | {"percent": round(entry["share"] * 100)} for entry in stored["heights"]["repeated"]],
        "faults": faults,
        "files": stored.get("files", []) if len(stored.get("files", [])) > 1 else [],
        "left_out": [
            {"name": name, "reason": REASONS[reason], "detail": detail}
            for name, reason, detail in stored.get("left_out", [])
        ],
        "limits": limits(),
    }


def _levels(levels: dict[str, int]) -> str:
    return ", ".join(f"{level_label(level)}: {count}" for level, count in levels.items())


def _trail() -> list[tuple[str, str]]:
    return [(reverse("mirror:cities"), _("Cities"))]
