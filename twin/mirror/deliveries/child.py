"""The process that reads a delivery: `python -m twin.mirror.deliveries.child DELIVERY MEMORY_MB PARENT`."""

import json
import os
import sys
import uuid

from metacity.commons.children import bound

OUT_OF_MEMORY = 3


def main(delivery: uuid.UUID, memory_mb: int, parent: int) -> int:
    bound(memory_mb, parent)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metacity.settings")
    import django

    django.setup()
    try:
        return _read(delivery)
    except MemoryError:
        return OUT_OF_MEMORY


def _read(delivery: uuid.UUID) -> int:
    from metacity.commons.errors import CityError
    from twin.mirror.deliveries import services

    def progress(share: float, note: str) -> None:
        _say({"progress": round(share, 4), "note": note})

    try:
        services.prepare(delivery_id=delivery, progress=progress)
    except CityError as refusal:
        _say({"refused": str(refusal.message)})
    return 0


def _say(told: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(uuid.UUID(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
