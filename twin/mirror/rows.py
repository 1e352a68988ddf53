"""Rows by the ten thousand: inserted past the object mapper, which would take longer over them than the database."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

import orjson
from django.db import connection, models

Adapt = Callable[[Any], Any]
Item = TypeVar("Item")


def batched(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items, so many at a time."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of the values of these fields; by COPY where the database has it.

    Every field without a default in the database must be named.
    """
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    adapts = [_adapt(field) for field in fields]
    adapted = ([adapt(value) for adapt, value in zip(adapts, row, strict=True)] for row in rows)
    table = f'"{model._meta.db_table}" ({columns})'  # names of our own, no input
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                for row in adapted:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} VALUES ({places})", list(adapted))  # noqa: S608


def _adapt(field: Any) -> Adapt:
    """From a value to what the database's driver takes."""
    target = field.target_field if field.is_relation else field
    if isinstance(target, models.JSONField):
        return lambda value: orjson.dumps(value).decode()
    if isinstance(target, models.UUIDField):
        return _same if connection.features.has_native_uuid_field else _hex
    return _same


def _same(value: Any) -> Any:
    return value


def _hex(value: uuid.UUID | None) -> str | None:
    return None if value is None else value.hex
