"""Writing a survey's objects as rows, many at a time, and reading them back as features.

Rows are written for a publication that is still being prepared: nobody sees them before it is current, and `discard`
takes them back.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

import numpy as np
import orjson
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef

from twin.mirror.cells import cell_numbers
from twin.mirror.features import Feature, Kind
from twin.mirror.geometry import Stored, lines_of, points_of, store, surfaces_of
from twin.mirror.models import City, CityImport, CityObject, CityObjectVersion, Publication, searchable

BATCH = 2_000
Share = Callable[[float], None]
Row = TypeVar("Row")


@dataclass(slots=True, frozen=True)
class Written:
    """What a survey changed: numbers of objects."""

    added: int
    changed: int
    unchanged: int
    removed: int

    def as_facts(self) -> dict[str, int]:
        return {"added": self.added, "changed": self.changed, "unchanged": self.unchanged, "removed": self.removed}


def known_ids(city: City, source: str) -> dict[str, uuid.UUID]:
    """Our id of every object that this source has ever named in the city."""
    rows = CityObject.objects.filter(city=city, source=source).values_list("source_id", "id")
    return dict(rows.iterator(chunk_size=BATCH * 5))


def assign_ids(features: Sequence[Feature], known: Mapping[str, uuid.UUID]) -> dict[str, uuid.UUID]:
    """Our ids for all features of a survey: those they have, and new ones for the rest."""
    return {feature.source_id: known.get(feature.source_id) or uuid.uuid4() for feature in features}


def write_objects(
    *,
    city_import: CityImport,
    publication: Publication,
    features: Sequence[Feature],
    ids: Mapping[str, uuid.UUID],
    known: Mapping[str, uuid.UUID],
    progress: Share,
) -> Written:
    """Rows for a survey: a version for each object that is new or changed, an end for each that is gone or changed."""
    city, number = city_import.city, publication.number
    open_digests = dict(
        CityObjectVersion.objects.filter(city=city, object__source=city_import.source, published_to=None)
        .values_list("object_id", "digest")
        .iterator(chunk_size=BATCH * 5)
    )
    _write_new_objects(city_import, features, ids, known)
    added = changed = unchanged = 0
    seen: set[uuid.UUID] = set()
    for done, batch in enumerate(_batches(_versions(city_import, number, features, ids), BATCH)):
        fresh: list[CityObjectVersion] = []
        for version in batch:
            seen.add(version.object_id)
            before = open_digests.get(version.object_id)
            if before == version.digest:
                unchanged += 1
                continue
            added, changed = (added + 1, changed) if before is None else (added, changed + 1)
            fresh.append(version)
        with transaction.atomic():
            _close(city, [version.object_id for version in fresh], number)
            _insert(fresh)
        progress(min(1.0, (done + 1) * BATCH / max(len(features), 1)))
    gone = [object_id for object_id in open_digests if object_id not in seen]
    with transaction.atomic():
        _close(city, gone, number)
    return Written(added, changed, unchanged, len(gone))


def update_objects(publication: Publication) -> None:
    """Bring names, kinds and parents of objects up to what the versions say that are new in a publication."""
    fresh = (
        CityObjectVersion.objects.filter(city_id=publication.city_id, published_from=publication.number)
        .values_list("object_id", "attributes__name", "kind", "parent")
        .order_by("pk")
    )
    for batch in _batches(fresh.iterator(chunk_size=BATCH), BATCH):
        said = {object_id: (str(name or "")[:200], kind, parent) for object_id, name, kind, parent in batch}
        changed = []
        for row in _objects(list(said)):
            if (row.name, row.kind, row.parent_id) != said[row.id]:
                row.name, row.kind, row.parent_id = said[row.id]
                changed.append(row)
        CityObject.objects.bulk_update(changed, ["name", "kind", "parent"], batch_size=200)


def restore(earlier: Publication, publication: Publication) -> int:
    """Let a new publication show what an earlier one of its city showed. How many versions that took."""
    versions = CityObjectVersion.objects.filter(city_id=publication.city_id)
    versions.filter(published_to=None, published_from__gt=earlier.number).update(published_to=publication.number)
    fields = [field for field in CityObjectVersion._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = {"published_from": "%s", "published_to": "NULL"}
    copied = ", ".join(values.get(field.name, f'"{field.column}"') for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{CityObjectVersion._meta.db_table}" ({columns}) SELECT {copied} '  # noqa: S608 - our own names
            f'FROM "{CityObjectVersion._meta.db_table}" '
            "WHERE city_id = %s AND published_from <= %s AND published_to > %s",
            [
                publication.number,
                CityObjectVersion._meta.get_field("city").get_db_prep_value(publication.city_id, connection),
                earlier.number,
                earlier.number,
            ],
        )
        return int(cursor.rowcount)


def discard(city_import: CityImport, publication_number: int) -> None:
    """Take back all that an import wrote for a publication that never came."""
    city = city_import.city
    with transaction.atomic():
        CityObjectVersion.objects.filter(city=city, published_from=publication_number).delete()
        CityObjectVersion.objects.filter(city=city, published_to=publication_number).update(published_to=None)
        versions = CityObjectVersion.objects.filter(object=OuterRef("pk"))
        CityObject.objects.filter(~Exists(versions), city=city, source=city_import.source).delete()


def shown_features(publication: Publication, *, without_source: str) -> tuple[list[Feature], dict[str, uuid.UUID]]:
    """What a publication shows of all sources but one, as features, and the ids of their objects.

    Sources name their objects each in its own way: here an object's own id stands for its source id.
    """
    rows = (
        CityObjectVersion.objects.shown_in(publication)
        .exclude(object__source=without_source)
        .values_list("object_id", "object__parent_id", "kind", "lod", "geometry", "semantics", "attributes")
        .order_by("pk")
    )
    features, ids = [], {}
    for object_id, parent_id, kind, lod, geometry, semantics, attributes in rows.iterator(chunk_size=BATCH):
        wkb = bytes(geometry)
        surfaces = surfaces_of(wkb, bytes(semantics))
        feature = Feature(
            source_id=str(object_id),
            kind=Kind(kind),
            attributes=attributes,
            parent_source_id=str(parent_id) if parent_id else None,
            lods={lod: surfaces} if surfaces is not None else {},
            lines=lines_of(wkb),
            points=points_of(wkb),
        )
        features.append(feature)
        ids[feature.source_id] = object_id
    return features, ids


def _objects(pks: list[uuid.UUID]) -> Iterator[CityObject]:
    for first in range(0, len(pks), 900):  # SQLite takes 999 parameters where it is old
        yield from CityObject.objects.filter(pk__in=pks[first : first + 900])


def _name(feature: Feature) -> str:
    return str(feature.attributes.get("name") or "")[:200]


def _write_new_objects(
    city_import: CityImport,
    features: Sequence[Feature],
    ids: Mapping[str, uuid.UUID],
    known: Mapping[str, uuid.UUID],
) -> None:
    """Parents before their parts, so that every foreign key leads somewhere at every moment."""
    fresh = [feature for feature in features if feature.source_id not in known]
    depth = _depths(features)
    fresh.sort(key=lambda feature: depth[feature.source_id])
    rows = (
        CityObject(
            id=ids[feature.source_id],
            city_id=city_import.city_id,
            source=city_import.source,
            source_id=feature.source_id,
            kind=feature.kind.value,
            parent_id=ids.get(feature.parent_source_id) if feature.parent_source_id else None,
            name=_name(feature),
        )
        for feature in fresh
    )
    for batch in _batches(rows, BATCH):
        with transaction.atomic():
            _insert(batch)


def _depths(features: Sequence[Feature]) -> dict[str, int]:
    parents = {feature.source_id: feature.parent_source_id for feature in features}
    depths: dict[str, int] = {}
    for source_id in parents:
        depth, above = 0, parents[source_id]
        while above in parents:
            depth, above = depth + 1, parents[above]
        depths[source_id] = depth
    return depths


def _versions(
    city_import: CityImport, number: int, features: Sequence[Feature], ids: Mapping[str, uuid.UUID]
) -> Iterator[CityObjectVersion]:
    """A version for every feature that stands somewhere; buildings without geometry stand where their parts do."""
    stored = list(store(features))
    boxes = _boxes_with_parts(features, stored)
    cells = cell_numbers(np.array([(b[0], b[1], b[3], b[4]) if b else (0.0,) * 4 for b in boxes]).reshape(-1, 4))
    for feature, geometry, box, cell in zip(features, stored, boxes, cells.tolist(), strict=True):
        if box is None:
            continue
        attributes = feature.attributes
        texts = [str(attributes.get(key) or "") for key in ("name", "name_en", "address")]
        wkb, semantics = (geometry.wkb, geometry.semantics) if geometry else (b"", b"")
        yield CityObjectVersion(
            object_id=ids[feature.source_id],
            city_id=city_import.city_id,
            city_import_id=city_import.pk,
            kind=feature.kind.value,
            parent=ids.get(feature.parent_source_id) if feature.parent_source_id else None,
            lod=geometry.lod if geometry else "",
            geometry=wkb,
            semantics=semantics,
            min_e=box[0], min_n=box[1], min_z=box[2], max_e=box[3], max_n=box[4], max_z=box[5],
            cell=cell,
            attributes=attributes,
            search_text=searchable(*texts),
            digest=_digest(feature, wkb, semantics, box),
            published_from=number,
        )  # fmt: skip


def _digest(feature: Feature, wkb: bytes, semantics: bytes, box: tuple[float, ...]) -> str:
    said = orjson.dumps([feature.kind, feature.parent_source_id, feature.attributes, box], option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(b"\0".join((said, semantics, wkb)), digest_size=16).hexdigest()


def _boxes_with_parts(features: Sequence[Feature], stored: Sequence[Stored | None]) -> list[tuple[float, ...] | None]:
    boxes = {
        feature.source_id: geometry.box if geometry else None
        for feature, geometry in zip(features, stored, strict=True)
    }
    depth = _depths(features)
    for feature in sorted(features, key=lambda feature: -depth[feature.source_id]):
        own, parent = boxes[feature.source_id], feature.parent_source_id
        if own is None or parent is None or parent not in boxes:
            continue
        above = boxes[parent] or own
        boxes[parent] = (*np.minimum(above[:3], own[:3]).tolist(), *np.maximum(above[3:], own[3:]).tolist())
    return list(boxes.values())


def _close(city: City, object_ids: Sequence[uuid.UUID], number: int) -> None:
    for first in range(0, len(object_ids), 900):
        CityObjectVersion.objects.filter(
            city=city, object_id__in=object_ids[first : first + 900], published_to=None
        ).update(published_to=number)


def _batches(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    while batch := list(islice(rows, size)):
        yield batch


def _insert(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model, by COPY where the database has it: about ten times as fast as INSERT."""
    if not rows:
        return
    model = type(rows[0])
    if connection.vendor != "postgresql":
        model._default_manager.bulk_create(rows)
        return
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.BigAutoField)]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with (
        connection.cursor() as cursor,
        cursor.copy(
            f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN'  # names of our own, no input
        ) as copy,
    ):
        for row in rows:
            copy.write_row([_as_column(field, row) for field in fields])


def _as_column(field: "models.Field[Any, Any]", row: models.Model) -> Any:
    value = field.pre_save(row, add=True)
    if isinstance(field, models.JSONField):
        return orjson.dumps(value).decode()
    if isinstance(field, models.BinaryField):
        return bytes(value)
    return field.get_db_prep_value(value, connection)
