"""A part of a file, gathered object by object until it is brought to the local frame at once."""

from array import array
from collections import Counter
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from twin.mirror.features import Feature
from twin.mirror.frame import LocalFrame
from twin.mirror.readers.assembly import Draft, assemble
from twin.mirror.readers.citygml.coordinates import Coordinates, Floats, welded
from twin.mirror.readers.citygml.levels import Levels, Surfaced
from twin.mirror.readers.citygml.srs import Srs
from twin.mirror.readers.reading import Fault, Reading


@dataclass(slots=True)
class Part:
    coordinates: Coordinates
    types: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    solids: set[tuple[str, str]] = field(default_factory=set)
    polygons: "array[int]" = field(default_factory=lambda: array("q"))
    turned: bytearray = field(default_factory=bytearray)
    semantics: bytearray = field(default_factory=bytearray)
    set_sizes: list[int] = field(default_factory=list)
    set_owners: list[tuple[int, str]] = field(default_factory=list)

    def add(self, feature: Feature, levels: Levels, *, with_lines: bool) -> None:
        draft = Draft(feature, levels.lines() if with_lines else [], levels.points())
        for number, level in levels.by_number.items():
            self._add_surfaces(number, level.surfaces(feature.kind), feature.source_id)
        self.drafts.append(draft)

    def _add_surfaces(self, lod: str, surfaced: Surfaced, source_id: str) -> None:
        if not surfaced.faces:
            return
        self.polygons.extend(surfaced.faces)
        for is_turned, semantic in surfaced.faces.values():
            self.turned.append(is_turned)
            self.semantics.append(semantic)
        self.set_sizes.append(len(surfaced.faces))
        self.set_owners.append((len(self.drafts), lod))
        if surfaced.is_solid:
            self.solids.add((source_id, lod))

    @property
    def has_geometry(self) -> bool:
        return bool(self.polygons) or any(draft.line_indices or draft.point_indices for draft in self.drafts)

    def used_points(self) -> Floats:
        """Some of the points that objects use, (n, 3) as the file writes them."""
        rows = [row for draft in self.drafts for row in (*draft.point_indices, *chain(*draft.line_indices))][:10_000]
        return np.concatenate([self.coordinates.points(rows), self.coordinates.first_points(self._numbers())])

    def _numbers(self) -> NDArray[np.int64]:
        return np.frombuffer(self.polygons, dtype=np.int64) if self.polygons else np.empty(0, dtype=np.int64)

    def finish(self, srs: Srs, frame: LocalFrame | None, format_name: str) -> Reading:
        """All objects in the local frame."""
        rings, still_open = self.coordinates.rings(
            self._numbers(),
            np.frombuffer(bytes(self.turned), dtype=np.uint8).astype(bool),
            np.frombuffer(bytes(self.semantics), dtype=np.uint8).astype(np.int64),
            np.asarray(self.set_sizes, dtype=np.int64),
        )
        owner_of_polygon = np.repeat(
            np.array([owner for owner, _lod in self.set_owners], dtype=np.int64), rings.set_sizes
        )
        faults = [
            Fault("open_ring", self.drafts[owner].feature.source_id)
            for owner in np.unique(owner_of_polygon[still_open]).tolist()
        ]
        points, place = welded(srs.east_first(self.coordinates.array()))
        rings.indices = place[rings.indices]
        for draft in self.drafts:
            draft.line_indices = [place[line].tolist() for line in draft.line_indices]
            draft.point_indices = place[draft.point_indices].tolist() if draft.point_indices else []
        assembled = assemble(
            drafts=self.drafts,
            vertices=points,
            rings=rings,
            set_owners=self.set_owners,
            crs=srs.crs,
            frame=frame,
        )
        return Reading(
            features=assembled.features,
            frame=assembled.frame,
            crs=srs.crs,
            format=format_name,
            types=self.types,
            faults=self.faults + faults + assembled.faults,
            solids=self.solids,
        )
