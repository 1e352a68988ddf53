"""The triangles that a run works on: the city as it is around a design, and with the design."""

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.mirror.designs import changes, solids
from twin.mirror.designs.changes import Building, ChangeSet
from twin.mirror.designs.models import DesignVersion
from twin.mirror.features import Kind, SurfaceSet
from twin.mirror.geometry import surfaces_of
from twin.mirror.ground import ground_of
from twin.mirror.models import City, CityObject, CityObjectVersion, Publication
from twin.mirror.tiles.mesh import triangulate
from twin.simulation.engines.casting import GROUND, Scene, Site
from twin.simulation.engines.sun import Parameters
from twin.simulation.models import Run

RADIUS_M = 300.0
# Buildings this far beyond the radius still cast shadows into it: at 5° of sun, what is 130 m high.
REACH_M = 1_500.0
TERRAIN_SPACING_M = 8.0
# The winter solstice of every year is within a minute of sun of the next one's: one day stands for all.
SOLSTICE = date(2026, 12, 21)
STEP_MIN = 10
CASTING_KINDS = [Kind.BUILDING, Kind.BUILDING_PART, Kind.BRIDGE]


@dataclass(frozen=True, slots=True)
class Prepared:
    """Both scenes, where and when, and who the numbered owners are."""

    baseline: Scene
    scenario: Scene
    parameters: Parameters
    owners: list[str]  # ids of city objects, by owner number

    def named(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """An outcome's rows with the city object's id, its name and, from a building register, its households."""
        ids = [self.owners[row["owner"]] for row in rows]
        names = dict(CityObject.objects.filter(id__in=ids).values_list("id", "name"))
        open_versions = CityObjectVersion.objects.filter(object_id__in=ids, published_to=None)
        attributes = dict(open_versions.values_list("object_id", "attributes"))
        by_id = {str(key): value for key, value in names.items()}
        register = {str(key): value for key, value in attributes.items()}
        return [
            {key: value for key, value in row.items() if key != "owner"}
            | {
                "object": identifier,
                "name": by_id.get(identifier, ""),
                "address": register.get(identifier, {}).get("address", ""),
                "households": register.get(identifier, {}).get("households"),
            }
            for row, identifier in zip(rows, ids, strict=True)
        ]


def changes_sun(design: ChangeSet) -> bool:
    """Whether a design adds or takes away something that shades: buildings. Trees are not modelled."""
    return any(isinstance(change, Building | changes.Removal) for change in design.changes)


def parameters_of(version: DesignVersion) -> dict[str, Any]:
    """What, besides the publication and the design, decides the outcome; kept with the run and part of its hash."""
    return {"day": SOLSTICE.isoformat(), "radius_m": RADIUS_M, "step_min": STEP_MIN, "reach_m": REACH_M}


def prepare(run: Run) -> Prepared | None:
    """Build a run's scenes from the rows; None if its design or publication is gone."""
    scenario = run.scenarios.select_related("publication__city", "design_version__design__city").first()
    if scenario is None:
        return None
    publication, design = scenario.publication, scenario.design_version.change_set
    city = publication.city
    centre = _centre(city, publication, design)
    if centre is None:
        return None
    ids, sets = _buildings(publication, centre)
    mesh = triangulate(sets)
    triangles = mesh.vertices[mesh.triangles]
    numbers = {identifier: number for number, identifier in enumerate(dict.fromkeys(ids))}
    owners = np.array([numbers[identifier] for identifier in ids], dtype=np.int32)[mesh.owners]
    terrain = _terrain(publication, centre)
    gone = np.array([numbers[o] for o in design.objects if o in numbers], dtype=np.int32)
    added = _added(publication, design)
    ground = np.full(len(terrain), GROUND, dtype=np.int32)
    kept = ~np.isin(owners, gone)
    new = np.full(len(added), len(numbers), dtype=np.int32)
    return Prepared(
        baseline=Scene(np.concatenate([terrain, triangles]), np.concatenate([ground, owners])),
        scenario=Scene(np.concatenate([terrain, triangles[kept], added]), np.concatenate([ground, owners[kept], new])),
        parameters=Parameters(
            site=Site(*centre, radius_m=run.parameters["radius_m"], changed=frozenset(int(number) for number in gone)),
            latitude=city.origin_lat,
            longitude=city.origin_lon,
            day=date.fromisoformat(run.parameters["day"]),
            time_zone=city.time_zone,
            step_min=run.parameters["step_min"],
        ),
        owners=list(numbers),
    )


def _centre(city: City, publication: Publication, design: ChangeSet) -> tuple[float, float] | None:
    """The middle of what changes: of the new buildings' outlines and of the boxes of those that go."""
    points = [p for change in design.changes if isinstance(change, Building) for p in change.footprint]
    gone = CityObjectVersion.objects.shown_in(publication).filter(object_id__in=list(design.objects))
    for box in gone.values_list("min_e", "min_n", "max_e", "max_n"):
        points += [(box[0], box[1]), (box[2], box[3])]
    if not points:
        return None
    east, north = zip(*points, strict=True)
    return (min(east) + max(east)) / 2, (min(north) + max(north)) / 2


def _buildings(publication: Publication, centre: tuple[float, float]) -> tuple[list[str], list[SurfaceSet]]:
    """Surfaces of what casts shadows around a point, each with the id of the building that it belongs to."""
    rows = (
        CityObjectVersion.objects.shown_in(publication)
        .near(*centre, RADIUS_M + REACH_M)
        .filter(kind__in=CASTING_KINDS)
        .order_by("object_id")
        .values_list("object_id", "object__parent_id", "geometry", "semantics")
    )
    ids, sets = [], []
    for identifier, parent, geometry, semantics in rows.iterator(chunk_size=2000):
        surfaces = surfaces_of(bytes(geometry), bytes(semantics))
        if surfaces is not None and len(surfaces):
            ids.append(str(parent or identifier))
            sets.append(surfaces)
    return ids, sets


def _terrain(publication: Publication, centre: tuple[float, float]) -> NDArray[np.float64]:
    ground = ground_of(publication)
    if ground is None:
        return np.empty((0, 3, 3))
    return ground.triangles(*centre, RADIUS_M + REACH_M, spacing_m=TERRAIN_SPACING_M)


def _added(publication: Publication, design: ChangeSet) -> NDArray[np.float64]:
    """Triangles of the design's buildings, each standing on the lowest ground under its corners."""
    ground = ground_of(publication)
    bodies = []
    for change in design.changes:
        if isinstance(change, Building):
            east, north = np.array(change.footprint).T
            low = float(ground.at(east, north).min()) if ground else _floor(publication)
            bodies.append(solids.body(change, low))
    if not bodies:
        return np.empty((0, 3, 3))
    mesh = triangulate(bodies)
    return mesh.vertices[mesh.triangles]


def _floor(publication: Publication) -> float:
    bounds = publication.manifest.get("bounds") or {"min": [0, 0, 0]}
    low = float(bounds["min"][2])
    return low if math.isfinite(low) else 0.0
