"""The Node.js process that compresses tiles: started once, asked once for each tile."""

import logging
import struct
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from metacity.commons.node import NodeMissing, node_folder

logger = logging.getLogger(__name__)

SCRIPT = Path(__file__).resolve().parents[3] / "static" / "tools" / "compress.mjs"
_HEAD = struct.Struct("<BI")


class CompressorFailed(RuntimeError):
    """The process refused a tile or is gone."""


class Compressor:
    """Compresses GLBs with meshopt, as a context manager.

    Where Node.js or its packages are missing, `compress` returns what it was given and `is_available` is false: the
    tiles are whole, only larger.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        if not (SCRIPT.parent.parent / "node_modules" / "meshoptimizer").is_dir():
            logger.warning("Tiles stay uncompressed: the front end's packages are not installed.")
            return self
        try:
            node = node_folder() / "node"
        except NodeMissing as missing:
            logger.warning("Tiles stay uncompressed: %s", missing)
            return self
        self._process = subprocess.Popen(
            [str(node), str(SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=SCRIPT.parent
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()

    @property
    def is_available(self) -> bool:
        return self._process is not None

    def compress(self, glb: bytes) -> bytes:
        """The GLB with EXT_meshopt_compression, its vertices and triangles in another order."""
        return self._ask(b"C", glb) if self._process else glb

    def decompress(self, glb: bytes) -> bytes:
        """What a viewer reads from a compressed GLB, as a plain one."""
        return self._ask(b"D", glb) if self._process else glb

    def validate(self, glb: bytes) -> dict[str, Any]:
        """gltf-validator's report of an uncompressed GLB; needs the packages for development."""
        report: dict[str, Any] = orjson.loads(self._ask(b"V", glb))
        return report

    def _ask(self, job: bytes, payload: bytes) -> bytes:
        if self._process is None or self._process.stdin is None or self._process.stdout is None:
            raise CompressorFailed("The compressor is not running.")
        try:
            self._process.stdin.write(_HEAD.pack(job[0], len(payload)) + payload)
            self._process.stdin.flush()
        except BrokenPipeError as gone:
            raise CompressorFailed("The compressor has ended.") from gone
        failed, length = _HEAD.unpack(self._read(_HEAD.size))
        answer = self._read(length)
        if failed:
            raise CompressorFailed(answer.decode(errors="replace"))
        return answer

    def _read(self, length: int) -> bytes:
        assert self._process is not None and self._process.stdout is not None  # noqa: S101, PT018
        data = self._process.stdout.read(length)
        if len(data) < length:
            raise CompressorFailed("The compressor has ended.")
        return data
