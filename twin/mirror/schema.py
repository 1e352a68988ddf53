"""CityJSON against its official schema (CC0, `schemas/`): what our readers forgive, other programs may not."""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson

from twin.mirror.quality import LISTED
from twin.mirror.readers.files import CityFile

# By the version that documents state; within one, later editions correct the schema only.
EDITIONS = {"1.0": "1.0.3", "1.1": "1.1.3", "2.0": "2.0.2"}
# Documents are parsed whole, a second time beside the reader: larger ones are not worth the memory.
MOST_BYTES = 256 << 20
_SHORT = 90


def check_schema(file: CityFile, format_name: str) -> dict[str, Any]:
    """What the schema says: `{"edition", "count", "items"}`, items as those of a fault; empty for other formats.

    For documents that are too large, or of a version without a schema, `edition` is empty. The file was read before,
    so it can be read. What an extension adds has a schema of its own, which is not here.
    """
    if not format_name.startswith("CityJSON"):
        return {}
    is_sequence = format_name.startswith("CityJSONSeq")
    if not is_sequence and file.size > MOST_BYTES:
        return {"edition": "", "count": 0, "items": []}
    documents = _sequence(file) if is_sequence else iter([orjson.loads(file.read())])
    first = next(documents)
    edition = EDITIONS.get(str(first.get("version"))[:3], "")
    if not edition:
        return {"edition": "", "count": 0, "items": []}
    return {"edition": edition, **_checked(edition, first, documents)}


def check_schemas(files: Iterable[tuple[CityFile, str]]) -> dict[str, Any]:
    """What the schema says of several files and their formats, as of one; `edition` is that of the first."""
    checked = [found for file, format_name in files if (found := check_schema(file, format_name))]
    if not checked:
        return {}
    return {
        "edition": next((found["edition"] for found in checked if found["edition"]), ""),
        "count": sum(found["count"] for found in checked),
        "items": [item for found in checked for item in found["items"]][:LISTED],
    }


def as_fault(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """As a fault of a report, where there is one."""
    if not schema.get("count"):
        return []
    return [{"code": "schema", "count": schema["count"], "items": schema["items"]}]


def _checked(edition: str, first: dict[str, Any], rest: Iterator[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, str] = {}
    counted: set[str] = set()
    for document in chain([first], rest):
        for source_id, detail in _faults(edition, document):
            counted.add(source_id)
            if len(found) < LISTED:
                found.setdefault(source_id, detail)
    return {"count": len(counted), "items": [[source_id, detail] for source_id, detail in found.items()]}


def _sequence(file: CityFile) -> Iterator[dict[str, Any]]:
    """The lines of a sequence, each as a document of its own with what the first line says for all."""
    head: dict[str, Any] = {}
    for _number, line, _position in file.lines():
        document = orjson.loads(line)
        if not head:
            head = {key: document[key] for key in ("version", "transform") if key in document}
            yield document
        else:
            feature = {key: value for key, value in document.items() if key not in {"id", "type"}}
            yield {"type": "CityJSON", **head, **feature}


def _faults(edition: str, document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for error in _validator(edition).iter_errors(document):
        path, message = _innermost(error)
        if path[:1] == ["CityObjects"] and len(path) > 1:
            yield str(path[1]), _told(path[2:], message)
        else:
            yield str(path[0]) if path else "CityJSON", _told(path[1:], message)


def _innermost(error: Any) -> tuple[list[str | int], str]:
    """Of alternatives by type, the one that the object claims to be: what is wrong there says most."""
    context = getattr(error.kind, "context", None)
    for branch in context or ():
        if branch and not any(inner.instance_path == [*error.instance_path, "type"] for inner in branch):
            return _innermost(branch[0])
    return error.instance_path, error.message


def _told(path: list[str | int], message: str) -> str:
    where = "/".join(str(step) for step in path)
    short = message if len(message) <= _SHORT else f"… {message[-_SHORT:]}"
    return f"{where}: {short}" if where else short


@cache
def _validator(edition: str) -> Any:
    file = Path(__file__).parent / "schemas" / f"cityjson-{edition}.json"
    return jsonschema_rs.validator_for(orjson.loads(file.read_bytes()))
