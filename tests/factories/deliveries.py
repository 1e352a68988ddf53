"""Files that officials hand in."""

import json
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from metacity.accounts.models import User
from tests.factories.accounts import person
from tests.factories.mirror import a_small_city, footprint, geojson
from twin.mirror.deliveries.models import Delivery
from twin.mirror.deliveries.said import Said
from twin.mirror.deliveries.services import hand_in

CITY_FILE = "gaon.city.json"


def a_file(name: str = CITY_FILE, content: bytes | None = None) -> SimpleUploadedFile:
    """A small city, unless told otherwise."""
    return SimpleUploadedFile(name, json.dumps(a_small_city().document()).encode() if content is None else content)


def a_table(*heights: float, column: str = "HGT_VAL") -> SimpleUploadedFile:
    """Footprints whose heights stand in a column that nobody can guess."""
    houses = [
        footprint(f"h{n}", lon=127 + n / 1000, **{column: height, "BLD_TXT": f"{n}호", "building": "yes"})
        for n, height in enumerate(heights)
    ]
    return a_file("table.geojson", json.dumps(geojson(*houses)).encode())


def a_delivery(*uploads: SimpleUploadedFile, by: User | None = None, **said: Any) -> Delivery:
    told = {"slug": "gaon", "name": "가온구", "source": "survey", **said}
    return hand_in(said=Said(**told), uploads=uploads or [a_file()], by=by or an_operator())


def an_operator(role: str = "operator") -> User:
    return person(roles=[role], second_factor=True)


def kept_files(folder: Path) -> list[str]:
    """The names of all files of deliveries."""
    return sorted(file.name for file in folder.rglob("*") if file.is_file())
