"""Reading a delivery in a process of its own, whose end harms nothing else."""

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

from metacity.commons import children
from metacity.commons.children import Ending
from twin.mirror.deliveries.child import OUT_OF_MEMORY
from twin.mirror.deliveries.models import Delivery

log = logging.getLogger(__name__)


def run_reader(
    delivery: Delivery, *, on_line: Callable[[dict[str, Any]], None], is_cancelled: Callable[[], bool]
) -> Ending:
    """Run `deliveries.child`; it tells `{"progress", "note"}`, and `{"refused"}` with why it refuses the files."""
    memory_mb = str(settings.CITY_IMPORT_MEMORY_MB)
    with TemporaryDirectory(prefix="metacity-delivery-") as folder:
        errors = Path(folder) / "stderr.txt"
        ending = children.run(
            [sys.executable, "-m", "twin.mirror.deliveries.child", str(delivery.pk), memory_mb, str(os.getpid())],
            cwd=settings.BASE_DIR,
            errors=errors,
            time_s=settings.CITY_IMPORT_TIME_S,
            meanings={OUT_OF_MEMORY: Ending.MEMORY},
            on_line=on_line,
            is_cancelled=is_cancelled,
        )
        if ending is Ending.CRASHED:
            told = errors.read_bytes()[-4000:].decode(errors="replace")
            log.error("Reading the delivery %s ended in a fault: %s", delivery.pk, told)
    return ending
