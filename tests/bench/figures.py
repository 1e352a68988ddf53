"""What every benchmark shares: its `--help`, and one JSON object of figures as its last line."""

import argparse
import json
import os
import resource
import sys
from collections.abc import Mapping

import django


def parser(description: str) -> argparse.ArgumentParser:
    """A command line whose help is the benchmark's own docstring."""
    return argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)


def tell(line: str) -> None:
    """Say what is being done, apart from the figures."""
    sys.stderr.write(f"{line}\n")


def show(figures: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(figures, ensure_ascii=False) + "\n")


def peak_mb(who: int = resource.RUSAGE_SELF) -> float:
    """The greatest memory that this process, or with `RUSAGE_CHILDREN` its largest child, has held, in MB."""
    return round(resource.getrusage(who).ru_maxrss / 1024, 1)


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def set_up_django() -> None:
    """For benchmarks that use models or words; the database is the one that the environment names."""
    os.environ.setdefault("METACITY_MODE", "test")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metacity.settings")
    django.setup()
