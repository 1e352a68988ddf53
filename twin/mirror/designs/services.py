"""Keeping designs: what a change set must be in its city, and its versions."""

import shapely
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from shapely import Polygon
from shapely.geometry import LineString, MultiPoint, Point
from shapely.geometry.base import BaseGeometry

from twin.mirror.designs.changes import (
    Building,
    Change,
    ChangeSet,
    DesignRefused,
    Furnishing,
    Park,
    Removal,
    Street,
    Trees,
    parse,
)
from twin.mirror.designs.models import Design, DesignVersion
from twin.mirror.features import Kind
from twin.mirror.models import City, CityObject, CityObjectVersion

# A drawn outline may reach this share over the edge of public land before it counts as standing on other land: hands
# are not surveyors.
TOLERATED_SHARE = 0.02
# A design may lie this far outside what the city's files cover.
MARGIN_M = 50.0


def check_design(*, city: City, raw: object) -> ChangeSet:
    """Read a change set and hold it against the city: it lies within, and what it removes stands there.

    Raises
    ------
    DesignRefused
        With the change and the field at fault.
    """
    design = parse(raw)
    _check_bounds(city, design)
    _check_objects(city, design)
    return design


@transaction.atomic
def keep_design(*, city: City, raw: object, design: Design | None = None) -> DesignVersion:
    """Keep a change set as the next version of `design`, or as the first of a new one.

    A version equal to the last one is not kept twice: the last one is returned.
    """
    changes = check_design(city=city, raw=raw)
    if design is None:
        design = Design.objects.create(city=city)
    last = design.versions.order_by("-number").first()
    if last and last.digest == changes.digest:
        return last
    number = (design.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    return DesignVersion.objects.create(design=design, number=number, changes=changes.as_json(), digest=changes.digest)


def names_of_objects(city: City, design: ChangeSet) -> dict[str, str]:
    """The names of the buildings that a design takes away, by id; those without a name are left out."""
    found = CityObject.objects.filter(city=city, id__in=design.objects).exclude(name="")
    return {str(identifier): name for identifier, name in found.values_list("id", "name")}


def off_public_land(city: City, design: ChangeSet) -> list[int]:
    """Numbers of the changes that stand, by more than a hand's tolerance, on land not known to be public.

    Public is what an import says so (`public_land`), and every road and square.
    """
    return [number for number, change in enumerate(design.changes) if not _is_on_public_land(city, change)]


def footprint(change: Change) -> BaseGeometry | None:
    """The ground a change takes, flat, in the city's local frame; None for what only removes."""
    match change:
        case Building():
            return Polygon(change.footprint)
        case Park():
            return Polygon(change.area)
        case Trees():
            return MultiPoint(change.points)
        case Street():
            return LineString(change.line).buffer(change.width_m / 2, cap_style="flat")
        case Furnishing():
            return Point(change.point)
        case Removal():
            return None


def _check_bounds(city: City, design: ChangeSet) -> None:
    bounds = city.publication.manifest.get("bounds") if city.publication else None
    if not bounds:
        raise DesignRefused(fields={"changes": [_("This city has no model to design in yet.")]})
    (min_e, min_n, *_low), (max_e, max_n, *_high) = bounds["min"], bounds["max"]
    for e, n in design.points:
        if not (min_e - MARGIN_M <= e <= max_e + MARGIN_M and min_n - MARGIN_M <= n <= max_n + MARGIN_M):
            raise DesignRefused(fields={"changes": [_("The design lies outside %(city)s.") % {"city": city}]})


def _check_objects(city: City, design: ChangeSet) -> None:
    if not design.objects:
        return
    shown = CityObjectVersion.objects.shown_in_city(city).filter(object_id__in=list(design.objects), kind=Kind.BUILDING)
    missing = design.objects - {str(identifier) for identifier in shown.values_list("object_id", flat=True)}
    if missing:
        raise DesignRefused(fields={"changes": [_("Only buildings that stand in %(city)s can go.") % {"city": city}]})


def _is_on_public_land(city: City, change: Change) -> bool:
    ground = footprint(change)
    if ground is None:
        return True
    around = CityObjectVersion.objects.shown_in_city(city).within(*ground.bounds)
    rows = around.filter(kind__in=[Kind.ROAD, Kind.SQUARE, Kind.LAND_USE, Kind.PLANT_COVER, Kind.WATER]).values_list(
        "kind", "attributes", "geometry"
    )
    public = [
        shapely.force_2d(shapely.from_wkb(bytes(geometry)))
        for kind, attributes, geometry in rows
        if kind in {Kind.ROAD, Kind.SQUARE} or attributes.get("public_land") is True
    ]
    land = shapely.union_all([shapely.make_valid(part) for part in public])
    if ground.area:
        return bool(ground.difference(land).area <= ground.area * TOLERATED_SHARE)
    return bool(ground.within(land.buffer(0.5)))
