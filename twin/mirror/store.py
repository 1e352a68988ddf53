"""Writing a survey's objects as rows, part by part: nothing of a part stays in memory but eight bytes an object.

Rows are written for a publication that is still being prepared: nobody sees them before it is current, and `discard`
takes them back.
"""

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import orjson
from django.db import connection, transaction
from django.db.models import Exists, Max, Min, OuterRef
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from twin.mirror.cells import cell_numbers
from twin.mirror.errors import FileRefused
from twin.mirror.features import Feature
from twin.mirror.geometry import box_of, store
from twin.mirror.models import CityImport, CityObject, CityObjectVersion, Publication, searchable
from twin.mirror.rows import batched, insert
from twin.mirror.spool import Spool

BATCH = 2_000
# SQLite takes 999 parameters where it is old.
ASKED_AT_ONCE = 900
_OBJECT_FIELDS = ("id", "city", "source", "source_id", "kind", "parent", "name")
_VERSION_FIELDS = (
    "object", "city", "city_import", "kind", "parent", "lod", "geometry", "semantics", "min_e", "min_n", "min_z",
    "max_e", "max_n", "max_z", "cell", "attributes", "search_text", "digest", "published_from", "published_to",
)  # fmt: skip
_DIGEST = _VERSION_FIELDS.index("digest")
Box = tuple[float, ...]


@dataclass(slots=True, frozen=True)
class Written:
    """What a survey changed: numbers of objects."""

    added: int
    changed: int
    unchanged: int
    removed: int

    def as_facts(self) -> dict[str, int]:
        return {"added": self.added, "changed": self.changed, "unchanged": self.unchanged, "removed": self.removed}


class _Bare(NamedTuple):
    """An object of no place of its own, until one of its parts has come."""

    feature: Feature
    id: uuid.UUID
    parent: uuid.UUID | None


class Writer:
    """Writes the objects of one import: `add` for each part, `finish` after the last.

    Versions are written for objects that are new or changed; objects keep their ids. An object may name one of another
    part as the whole that it belongs to, before or after that came.
    """

    def __init__(self, city_import: CityImport, publication: Publication) -> None:
        self.city_import = city_import
        self.number = publication.number
        self._objects = CityObject.objects.filter(city=city_import.city_id, source=city_import.source)
        self._source_is_new = not self._objects.exists()
        self._added = self._changed = 0
        self._unchanged: list[NDArray[np.int64]] = []  # rows of versions that stay
        self._links = Spool()  # parts, and the source ids of wholes that had not come yet
        self._bare: list[_Bare] = []

    def add(self, features: Sequence[Feature]) -> None:
        """Write a part of the survey. In one transaction: an interrupted import leaves whole parts."""
        with transaction.atomic():
            known = self._look_up(features)
            ids = {f.source_id: known.get(f.source_id) or uuid.uuid4() for f in features}
            parents = self._parents(features, ids, known)
            self._write_objects(features, ids, known, parents)
            self._write_versions(features, _boxes_with_parts(features), ids, known, parents)

    def finish(self) -> Written:
        """What can only be done after the last part: links between parts, and an end to what is gone."""
        with transaction.atomic():
            self._link_parts()
            if self._place_bare():
                self._link_parts()
            removed = self._end_gone()
        return Written(self._added, self._changed, sum(map(len, self._unchanged)), removed)

    def _look_up(self, features: Sequence[Feature]) -> dict[str, uuid.UUID]:
        """Our ids of a part's objects, and of the wholes that they name, where they have any."""
        here = {feature.source_id for feature in features}
        away = {f.parent_source_id for f in features if f.parent_source_id and f.parent_source_id not in here}
        return self._known(sorted(away if self._source_is_new else here | away))

    def _known(self, source_ids: Iterable[str]) -> dict[str, uuid.UUID]:
        return {
            source_id: pk
            for batch in batched(source_ids, ASKED_AT_ONCE)
            for source_id, pk in self._objects.filter(source_id__in=batch).values_list("source_id", "id")
        }

    def _parents(
        self, features: Sequence[Feature], ids: Mapping[str, uuid.UUID], known: Mapping[str, uuid.UUID]
    ) -> dict[str, uuid.UUID]:
        """Our ids of the wholes that are known by now; those of other parts are looked for once all have come."""
        parents = {}
        for feature in features:
            whole = feature.parent_source_id
            if whole is None:
                continue
            if whole not in ids:
                self._links.write([ids[feature.source_id], whole])
            found = ids.get(whole) or known.get(whole)
            if found is not None:
                parents[feature.source_id] = found
        return parents

    def _write_objects(
        self,
        features: Sequence[Feature],
        ids: Mapping[str, uuid.UUID],
        known: Mapping[str, uuid.UUID],
        parents: Mapping[str, uuid.UUID],
    ) -> None:
        """The new ones; wholes before their parts, so that every foreign key leads somewhere at every moment."""
        depth = _depths(features)
        fresh = (feature for feature in features if feature.source_id not in known)
        insert(
            CityObject,
            _OBJECT_FIELDS,
            [
                (ids[feature.source_id], self.city_import.city_id, self.city_import.source, feature.source_id,
                 feature.kind.value, parents.get(feature.source_id), _name(feature))
                for feature in sorted(fresh, key=lambda feature: depth[feature.source_id])
            ],
        )  # fmt: skip

    def _write_versions(
        self,
        features: Sequence[Feature],
        boxes: Sequence[Box | None],
        ids: Mapping[str, uuid.UUID],
        known: Mapping[str, uuid.UUID],
        parents: Mapping[str, uuid.UUID],
    ) -> None:
        standing = self._standing([ids[f.source_id] for f in features if f.source_id in known])
        fresh: list[tuple[Any, ...]] = []
        unchanged, changed = [], []
        for feature, row in zip(features, self._versions(features, boxes, ids, parents), strict=True):
            if row is None:
                self._bare.append(_Bare(feature, ids[feature.source_id], parents.get(feature.source_id)))
                continue
            before = standing.get(row[0])
            if before is not None and before[1] == row[_DIGEST]:
                unchanged.append(before[0])
                continue
            if before is not None:
                changed.append(before[0])
            fresh.append(row)
        self._end(changed)
        for batch in batched(fresh, BATCH):
            insert(CityObjectVersion, _VERSION_FIELDS, batch)
        self._unchanged.append(np.array(unchanged, dtype=np.int64))
        self._changed += len(changed)
        self._added += len(fresh) - len(changed)

    def _standing(self, object_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[int, str]]:
        """The row and digest of the version of each object that is shown now."""
        return {
            object_id: (pk, digest)
            for batch in batched(object_ids, ASKED_AT_ONCE)
            for object_id, pk, digest in CityObjectVersion.objects.filter(
                object_id__in=batch, published_to=None, published_from__lt=self.number
            ).values_list("object_id", "pk", "digest")
        }

    def _versions(
        self,
        features: Sequence[Feature],
        boxes: Sequence[Box | None],
        ids: Mapping[str, uuid.UUID],
        parents: Mapping[str, uuid.UUID],
    ) -> Iterator[tuple[Any, ...] | None]:
        """The values of `_VERSION_FIELDS` for every feature; None for one that stands nowhere."""
        corners = [(b[0], b[1], b[3], b[4]) if b else (0.0,) * 4 for b in boxes]
        cells = cell_numbers(np.array(corners).reshape(-1, 4)).tolist()
        for feature, geometry, box, cell in zip(features, store(features), boxes, cells, strict=True):
            if box is None:
                yield None
                continue
            texts = [str(feature.attributes.get(key) or "") for key in ("name", "name_en", "address")]
            wkb, semantics = (geometry.wkb, geometry.semantics) if geometry else (b"", b"")
            yield (
                ids[feature.source_id], self.city_import.city_id, self.city_import.pk, feature.kind.value,
                parents.get(feature.source_id), geometry.lod if geometry else "", wkb, semantics, *box, cell,
                feature.attributes, searchable(*texts), _digest(feature, wkb, semantics, box), self.number, None,
            )  # fmt: skip

    def _place_bare(self) -> bool:
        """Objects without geometry of which parts came elsewhere stand where these do. Whether there are any."""
        for batch in batched(self._bare, ASKED_AT_ONCE):
            boxes = {
                parent: tuple(box)
                for parent, *box in CityObjectVersion.objects.filter(
                    city=self.city_import.city_id, parent__in=[bare.id for bare in batch], published_to=None
                )
                .values_list("parent")
                .annotate(*map(Min, ("min_e", "min_n", "min_z")), *map(Max, ("max_e", "max_n", "max_z")))
            }
            placed = [bare for bare in batch if bare.id in boxes]
            features = [bare.feature for bare in placed]
            ids = {bare.feature.source_id: bare.id for bare in placed}
            parents = {bare.feature.source_id: bare.parent for bare in placed if bare.parent}
            known = {} if self._source_is_new else ids
            self._write_versions(features, [boxes[bare.id] for bare in placed], ids, known, parents)
        return bool(self._bare)

    def _link_parts(self) -> None:
        """Tell parts of the wholes that came in other parts of the survey. Raises `FileRefused` for circles."""
        for batch in batched(self._links.read(), ASKED_AT_ONCE):
            wholes = self._known({whole for _part, whole in batch})
            wanted = {uuid.UUID(part): wholes[whole] for part, whole in batch if whole in wholes}
            versions = CityObjectVersion.objects.filter(object_id__in=wanted, published_from=self.number)
            changed = [row for row in versions.only("object_id", "parent") if row.parent != wanted[row.object_id]]
            for row in changed:
                row.parent = wanted[row.object_id]
            CityObjectVersion.objects.bulk_update(changed, ["parent"], batch_size=200)
            self._link_new(wanted)
            _refuse_circles(wanted)

    def _link_new(self, wanted: Mapping[uuid.UUID, uuid.UUID]) -> None:
        """Objects that were shown before are changed when the publication is: see `update_objects`."""
        shown_before = CityObjectVersion.objects.filter(object=OuterRef("pk"), published_from__lt=self.number)
        new = CityObject.objects.filter(~Exists(shown_before), pk__in=wanted).only("parent")
        changed = [row for row in new if row.parent_id != wanted[row.pk]]
        for row in changed:
            row.parent_id = wanted[row.pk]
        CityObject.objects.bulk_update(changed, ["parent"], batch_size=200)

    def _end_gone(self) -> int:
        """End versions of this source that the survey has not named; compares rows, eight bytes each."""
        if self._source_is_new:
            return 0
        standing = CityObjectVersion.objects.filter(
            city=self.city_import.city_id, object__source=self.city_import.source, published_to=None,
            published_from__lt=self.number,
        ).values_list("pk", flat=True)  # fmt: skip
        pks = np.fromiter(standing.iterator(chunk_size=BATCH * 5), dtype=np.int64)
        gone = np.setdiff1d(pks, np.concatenate([np.empty(0, np.int64), *self._unchanged]), assume_unique=True)
        self._end(gone.tolist())
        return len(gone)

    def _end(self, pks: Sequence[int]) -> None:
        for batch in batched(pks, ASKED_AT_ONCE):
            CityObjectVersion.objects.filter(pk__in=batch).update(published_to=self.number)


def update_objects(publication: Publication) -> None:
    """Bring names, kinds and wholes of objects up to what their versions say that are new in a publication.

    Objects that are new themselves were written so.
    """
    earlier = CityObjectVersion.objects.filter(object=OuterRef("object"), published_from__lt=publication.number)
    fresh = (
        CityObjectVersion.objects.filter(
            Exists(earlier), city_id=publication.city_id, published_from=publication.number
        )
        .values_list("object_id", "attributes__name", "kind", "parent")
        .order_by("pk")
    )
    for batch in batched(fresh.iterator(chunk_size=BATCH), ASKED_AT_ONCE):
        said = {object_id: (str(name or "")[:200], kind, parent) for object_id, name, kind, parent in batch}
        changed = []
        for row in CityObject.objects.filter(pk__in=said):
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
        never_shown = CityObject.objects.filter(~Exists(versions), city=city, source=city_import.source)
        # In small portions: Django loads what it deletes.
        while pks := list(never_shown.values_list("pk", flat=True)[:ASKED_AT_ONCE]):
            CityObject.objects.filter(pk__in=pks).delete()


def _refuse_circles(parents: Mapping[uuid.UUID, uuid.UUID]) -> None:
    """Follow the new links upward, all at once; whoever comes back to where it began is a part of itself."""
    above = dict(parents)
    while above:
        known = {
            part: whole
            for batch in batched(set(above.values()), ASKED_AT_ONCE)
            for part, whole in CityObjectVersion.objects.filter(
                object_id__in=batch, published_to=None, parent__isnull=False
            ).values_list("object_id", "parent")
            if whole
        }
        circle = next((part for part, whole in above.items() if part == whole), None)
        if circle is not None:
            named = CityObject.objects.get(pk=circle)
            raise FileRefused(_("%(id)s is a part of itself.") % {"id": named.source_id})
        above = {part: known[whole] for part, whole in above.items() if whole in known}


def _name(feature: Feature) -> str:
    return str(feature.attributes.get("name") or "")[:200]


def _depths(features: Sequence[Feature]) -> dict[str, int]:
    parents = {feature.source_id: feature.parent_source_id for feature in features}
    depths: dict[str, int] = {}
    for source_id in parents:
        depth, above = 0, parents[source_id]
        while above in parents:
            depth, above = depth + 1, parents[above]
        depths[source_id] = depth
    return depths


def _digest(feature: Feature, wkb: bytes, semantics: bytes, box: Box) -> str:
    said = orjson.dumps([feature.kind, feature.parent_source_id, feature.attributes, box], option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(b"\0".join((said, semantics, wkb)), digest_size=16).hexdigest()


def _boxes_with_parts(features: Sequence[Feature]) -> list[Box | None]:
    """Where each feature stands, its parts of the same part of the survey included; None for one of no place."""
    boxes = {feature.source_id: box_of(feature) for feature in features}
    depth = _depths(features)
    for feature in sorted(features, key=lambda feature: -depth[feature.source_id]):
        own, parent = boxes[feature.source_id], feature.parent_source_id
        if own is None or parent is None or parent not in boxes:
            continue
        above = boxes[parent] or own
        boxes[parent] = (*map(min, above[:3], own[:3]), *map(max, above[3:], own[3:]))
    return list(boxes.values())
