"""Where benchmarks find real data: the folder that METACITY_DATA names."""

import os
import sys
from pathlib import Path


def data_file(name: str) -> Path:
    """A file of the real data, or the end of the benchmark with a word on what to do."""
    folder = os.environ.get("METACITY_DATA")
    file = Path(folder or ".") / name
    if not folder or not file.is_file():
        sys.exit(f"METACITY_DATA names no folder with {name}; give a file of your own.")
    return file
