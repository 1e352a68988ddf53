"""A publication's files: named by their content where another file leads to them, and compressed once for the wire."""

import gzip
import hashlib
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import brotli
import orjson

# Brotli's settings, by the greatest size for which each takes less than some 0.3 s.
QUALITIES = ((32_000, 11), (512_000, 10))
QUICK = 9
# What is saved must be worth a file of its own.
WORTHWHILE = 0.97


def write_hashed(folder: Path, content: bytes | dict[str, Any], suffix: str) -> str:
    """Write `content` (JSON from a dictionary) under a name made of its hash; returns the name."""
    data = content if isinstance(content, bytes) else orjson.dumps(content)
    name = hashlib.sha256(data).hexdigest()[:16] + suffix
    (folder / name).write_bytes(data)
    return name


def write_json(path: Path, content: Any) -> None:
    path.write_bytes(orjson.dumps(content))


def pack(folder: Path, *, but: Collection[str]) -> int:
    """Put smaller variants beside every file in and below `folder` but those named; returns the bytes on the wire."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in but]
    # Compressing lets other threads run meanwhile.
    with ThreadPoolExecutor() as pool:
        return sum(pool.map(write_variants, files))


def write_variants(path: Path) -> int:
    """Put `.br` and `.gz` beside a file where they are smaller; returns the bytes the smallest takes on the wire."""
    data = path.read_bytes()
    quality = next((quality for most, quality in QUALITIES if len(data) <= most), QUICK)
    variants = {".br": brotli.compress(data, quality=quality), ".gz": gzip.compress(data, 9, mtime=0)}
    smallest = len(data)
    for suffix, packed in variants.items():
        if len(packed) < WORTHWHILE * len(data):
            path.with_name(path.name + suffix).write_bytes(packed)
            smallest = min(smallest, len(packed))
    return smallest
