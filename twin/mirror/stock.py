"""A publication's objects as the features that tiles are made of, read from the rows as they are needed."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from twin.mirror.features import Feature, Kind
from twin.mirror.geometry import shapes_of
from twin.mirror.models import CityObjectVersion, CityObjectVersionQuerySet, Publication
from twin.mirror.rows import batched

BATCH = 2_000
_FIELDS = ("object_id", "object__parent_id", "kind", "lod", "geometry", "semantics", "attributes")


def features_of(rows: CityObjectVersionQuerySet) -> Iterator[tuple[Feature, UUID]]:
    """Features and the ids of their objects, in the order of the rows.

    Sources name their objects each in its own way: here an object's own id stands for its source id.
    """
    found = rows.values_list(*_FIELDS).iterator(chunk_size=BATCH)
    for batch in batched(found, BATCH):
        yield from _decoded(batch)


def _decoded(rows: Sequence[tuple[Any, ...]]) -> Iterable[tuple[Feature, UUID]]:
    shapes = shapes_of([row[4] for row in rows], [row[5] for row in rows])
    for (object_id, parent_id, kind, lod, *_geometry, attributes), shape in zip(rows, shapes, strict=True):
        feature = Feature(
            source_id=str(object_id),
            kind=Kind(kind),
            attributes=attributes,
            parent_source_id=str(parent_id) if parent_id else None,
            lods={lod: shape.surfaces} if shape.surfaces is not None else {},
            lines=shape.lines,
            points=shape.points,
        )
        yield feature, object_id


def shown_features(publication: Publication) -> tuple[list[Feature], dict[str, UUID]]:
    """All that a publication shows, and the ids of the objects by the features' source ids."""
    rows = CityObjectVersion.objects.shown_in(publication).order_by("pk")
    features, ids = [], {}
    for feature, object_id in features_of(rows):
        features.append(feature)
        ids[feature.source_id] = object_id
    return features, ids
