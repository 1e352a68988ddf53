"""A stored quality report as a page shows it."""

from typing import Any

from twin.mirror.faultmap import caption, fault_map
from twin.mirror.features import Kind
from twin.mirror.quality import FAULTS, GEOMETRY_FAULTS, HEIGHT_SOURCES, encoding_note, height_note, level_label, limits
from twin.mirror.readers.delivery import REASONS
from twin.mirror.summary import summary
from twin.mirror.vocabulary import KIND_LABELS

Row = dict[str, Any]


def report_tables(stored: Row) -> Row:
    """A stored report as the rows of its tables, in the reader's language; empty where nothing was stored."""
    if not stored:
        return {}
    found = fault_map(stored)
    return {
        "report": stored,
        "summary": summary(stored),
        "fault_map": found,
        "fault_map_caption": caption(found) if found else "",
        "height_note": height_note(stored["crs"]),
        "encoding_note": encoding_note(stored["encoding"]) if "encoding" in stored else "",
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
        "faults": [_fault(fault) for fault in stored["faults"] if fault["code"] in FAULTS],
        "files": stored.get("files", []) if len(stored.get("files", [])) > 1 else [],
        "left_out": [
            {"name": name, "reason": REASONS[reason], "detail": detail}
            for name, reason, detail in stored.get("left_out", [])
        ],
        "limits": limits(),
    }


def _fault(fault: Row) -> Row:
    return {
        "code": fault["code"],
        "title": FAULTS[fault["code"]],
        "count": fault["count"],
        "rows": [_row(fault["code"], place, item) for place, item in enumerate(fault["items"])],
        "is_geometry": fault["code"] in GEOMETRY_FAULTS,
        "has_more": fault["count"] > len(fault["items"]),
    }


def _row(code: str, place: int, item: list[Any]) -> Row:
    """One object of a fault; `view` is where it stands, as pages of the city take it."""
    source_id, detail, *where = item
    view = f"o={where[0]}&e={where[1]}&n={where[2]}&d=120" if where else ""
    return {"anchor": f"{code}-{place}", "source_id": source_id, "detail": detail, "view": view}


def _levels(levels: dict[str, int]) -> str:
    return ", ".join(f"{level_label(level)}: {count}" for level, count in levels.items())
