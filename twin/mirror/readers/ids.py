"""What objects are called that their file gives an id, and those that it does not."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.utils.translation import gettext as _

from twin.mirror.errors import FileRefused
from twin.mirror.readers.limits import MAX_ID_LENGTH
from twin.mirror.readers.reading import Fault

# Properties that name an object, from most to least trusted.
_ID_KEYS = (
    "id", "@id", "osm_id", "gml_id", "ufid", "pnu", "PNU", "UFID", "identificatie", "bd_mgt_sn", "objectid", "OBJECTID",
    "fid", "gid",
)  # fmt: skip


def key_column(columns: Mapping[str, list[Any]]) -> str:
    """The most trusted column of a table that names its rows, each differently; empty where none does."""
    ranks = {name.casefold(): rank for rank, name in reversed(list(enumerate(_ID_KEYS)))}
    for name in sorted((n for n in columns if n.casefold() in ranks), key=lambda n: ranks[n.casefold()]):
        values = columns[name]
        if all(isinstance(v, str | int) and str(v).strip() for v in values) and len(set(values)) == len(values):
            return name
    return ""


@dataclass(slots=True)
class Ids:
    """The ids of one file, whatever its length: of each only a number is kept."""

    faults: list[Fault] = field(default_factory=list)
    _seen: set[int] = field(default_factory=set)
    _repeats: Counter[str] = field(default_factory=Counter)

    def of(self, stated: object, properties: Mapping[str, Any], shape: object, label: str) -> str:
        """A unique id: as stated, else from the properties, else from the shape. `label` is the place in the file.

        Raises `FileRefused` for an id that nobody could read.
        """
        if stated is None:
            stated = next((properties[key] for key in _ID_KEYS if properties.get(key) not in (None, "")), None)
        if isinstance(stated, str | int) and str(stated).strip():
            return self.unique(_readable(str(stated).strip(), label), label)
        source_id = _from_shape(shape)
        self.faults.append(Fault("missing_id", source_id, label))
        return self.unique(source_id, label)

    def unique(self, source_id: str, label: str) -> str:
        """The id, with a number behind it from its second use on."""
        number = hash(source_id)
        if number not in self._seen:
            self._seen.add(number)
            return source_id
        self._repeats[source_id] += 1
        self.faults.append(Fault("duplicate_id", source_id, label))
        return f"{source_id[: MAX_ID_LENGTH - 12]}#{self._repeats[source_id] + 1}"

    def take_faults(self) -> list[Fault]:
        """What was found wrong since this was last asked."""
        taken, self.faults = self.faults, []
        return taken


def _readable(source_id: str, label: str) -> str:
    if len(source_id) > MAX_ID_LENGTH or not source_id.isprintable():
        raise FileRefused(
            _("%(where)s%(id)s… has an id that is empty, unprintable or longer than %(limit)d characters.")
            % {"where": f"{label}: ", "id": source_id[:40], "limit": MAX_ID_LENGTH}
        )
    return source_id


def _from_shape(shape: object) -> str:
    """From the place and shape, so that the same footprint is the same object in the next survey."""
    try:
        told = orjson.dumps(shape)
    except (TypeError, ValueError):  # nested without end: whoever reads the coordinates refuses it
        told = b""
    return f"shape-{hashlib.blake2b(told, digest_size=10).hexdigest()}"
