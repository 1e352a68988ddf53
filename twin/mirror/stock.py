"""A publication's objects as the features that tiles are made of, read from the rows as they are needed."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import QuerySet
from django.db.models.functions import Length
from numpy.typing import NDArray

from twin.mirror.features import Feature, Kind
from twin.mirror.geometry import shapes_of
from twin.mirror.models import CityObjectVersion, CityObjectVersionQuerySet, Publication
from twin.mirror.rings import starts
from twin.mirror.rows import batched
from twin.mirror.tiles.blocks import is_block
from twin.mirror.tiles.stock import Goods, Walls

BATCH = 2_000
# SQLite takes 999 parameters where it is old.
ASKED_AT_ONCE = 900
BUILT = tuple(kind.value for kind in Kind if kind.is_built)
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_FIELDS = ("pk", "object_id", "parent", "kind", "lod", "geometry", "semantics", "attributes")
_INDEX = np.dtype([("pk", "i8"), ("min_e", "f8"), ("min_n", "f8"), ("max_e", "f8"), ("max_n", "f8"), ("bytes", "i8")])
_BYTES_A_POINT = 24
# Buildings of buildings of buildings: no survey goes further.
_DEEPEST = 64


class Shown:
    """What a publication shows. Keeps an index of what is built, and all the rest, in memory.

    Sources name their objects each in its own way: here an object's own id stands for its source id.
    """

    def __init__(self, publication: Publication) -> None:
        self._rows = CityObjectVersion.objects.shown_in(publication)

    @cached_property
    def rest(self) -> Goods:
        """Features of all kinds that are not built, and the ids of their objects."""
        return _goods(feature for _pk, feature in features_of(self._rows.exclude(kind__in=BUILT).order_by("pk")))

    @cached_property
    def walls(self) -> Walls:
        low = np.column_stack([self._index["min_e"], self._index["min_n"]])[self._order]
        high = np.column_stack([self._index["max_e"], self._index["max_n"]])[self._order]
        if not len(low):
            return Walls(np.empty((0, 2)), np.empty(0, np.int64))
        firsts = self._starts[:-1]
        places = (np.minimum.reduceat(low, firsts) + np.maximum.reduceat(high, firsts)) / 2
        return Walls(places, np.add.reduceat(self._index["bytes"][self._order], firsts) // _BYTES_A_POINT)

    def families(self, chosen: Ints) -> Goods:
        """All features of these families of `walls`, in the order in which they were written."""
        members = [self._order[self._starts[family] : self._starts[family + 1]] for family in chosen.tolist()]
        pks = np.sort(self._index["pk"][np.concatenate([np.empty(0, np.int64), *members])])
        return _goods(
            feature
            for batch in batched(pks.tolist(), ASKED_AT_ONCE)
            for _pk, feature in features_of(self._rows.filter(pk__in=batch).order_by("pk"))
        )

    def centres(self) -> Floats:
        """(n, 3): the middle of every building and part that has a geometry of its own."""
        rows = self._rows.filter(kind__in=(Kind.BUILDING, Kind.BUILDING_PART)).exclude(lod="")
        boxes = rows.values_list("min_e", "min_n", "min_z", "max_e", "max_n", "max_z").iterator(chunk_size=BATCH * 5)
        flat = np.fromiter((value for box in boxes for value in box), dtype=np.float64).reshape(-1, 6)
        return (flat[:, :3] + flat[:, 3:]) / 2

    @cached_property
    def _index(self) -> NDArray[np.void]:
        """Everything with walls, by row."""
        names = ("pk", "min_e", "min_n", "max_e", "max_n")
        by_shape = (self._rows.filter(pk__in=batch) for batch in batched(self._rising, ASKED_AT_ONCE))
        parts = [
            np.fromiter(
                rows.annotate(size=Length("geometry")).values_list(*names, "size").iterator(chunk_size=BATCH * 5),
                dtype=_INDEX,
            )
            for rows in (self._rows.filter(kind__in=BUILT), *by_shape)
        ]
        index = np.concatenate(parts)
        return index[np.argsort(index["pk"], kind="stable")]

    @cached_property
    def _rising(self) -> list[int]:
        """Rows of things that are not built by kind, but have walls."""
        rows = self._rows.filter(kind__in=(Kind.GENERIC, Kind.FURNITURE)).exclude(lod="").order_by("pk")
        return [pk for pk, feature in features_of(rows) if is_block(feature)]

    @cached_property
    def _family(self) -> Ints:
        """(rows,): the number of the family of each."""
        whole = np.arange(len(self._index))
        part, parent = self._links()
        whole[part] = parent
        for _step in range(_DEEPEST):
            above = whole[whole]
            if (above == whole).all():
                break
            whole = above
        _roots, family = np.unique(whole, return_inverse=True)
        return family.astype(np.int64)

    @cached_property
    def _order(self) -> Ints:
        return np.argsort(self._family, kind="stable")

    @cached_property
    def _starts(self) -> Ints:
        return starts(np.bincount(self._family))

    def _links(self) -> tuple[Ints, Ints]:
        """Places in the index of parts, and of the wholes that they belong to."""
        parts = self._rows.filter(parent__isnull=False).values_list("pk", "parent")
        part, named = _keyed(parts.iterator(chunk_size=BATCH * 5))
        if not len(part):
            return part, part
        wholes = self._rows.filter(object_id__in=self._rows.filter(parent__isnull=False).values("parent"))
        whole, ids = _keyed(wholes.values_list("pk", "object_id").iterator(chunk_size=BATCH * 5))
        order = np.argsort(ids)
        found = order[np.minimum(np.searchsorted(ids, named, sorter=order), len(ids) - 1)] if len(ids) else None
        if found is None:
            return whole, whole
        is_known = ids[found] == named
        part, whole = part[is_known], whole[found[is_known]]
        is_built = np.isin(part, self._index["pk"]) & np.isin(whole, self._index["pk"])
        pks = self._index["pk"]
        return np.searchsorted(pks, part[is_built]), np.searchsorted(pks, whole[is_built])


def _keyed(rows: Iterable[tuple[int, UUID | None]]) -> tuple[Ints, NDArray[np.bytes_]]:
    """Rows and ids, sixteen bytes each."""
    found = np.fromiter(((pk, key.bytes) for pk, key in rows if key is not None), dtype=[("pk", "i8"), ("key", "S16")])
    return found["pk"], found["key"]


def _goods(features: Iterable[Feature]) -> Goods:
    listed = list(features)
    return Goods(listed, {feature.source_id: UUID(feature.source_id) for feature in listed})


def features_of(rows: CityObjectVersionQuerySet | QuerySet[CityObjectVersion]) -> Iterator[tuple[int, Feature]]:
    """Rows' keys and their features, in the order of the rows."""
    for batch in batched(rows.values_list(*_FIELDS).iterator(chunk_size=BATCH), BATCH):
        yield from _decoded(batch)


def _decoded(rows: Sequence[tuple[Any, ...]]) -> Iterator[tuple[int, Feature]]:
    shapes = shapes_of([row[5] for row in rows], [row[6] for row in rows])
    for (pk, object_id, parent_id, kind, lod, *_geometry, attributes), shape in zip(rows, shapes, strict=True):
        yield (
            pk,
            Feature(
                source_id=str(object_id),
                kind=Kind(kind),
                attributes=attributes,
                parent_source_id=str(parent_id) if parent_id else None,
                lods={lod: shape.surfaces} if shape.surfaces is not None else {},
                lines=shape.lines,
                points=shape.points,
            ),
        )
