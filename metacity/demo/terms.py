"""What the demo's steps share: its address, its refusals and how it speaks."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class DemoRefused(Exception):
    """The demo cannot start; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the demo listens."""

    host: str
    port: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Address":
        raw = environment.get("PORT") or "8000"
        if not raw.isdecimal() or not 1 <= int(raw) <= 65535:
            raise DemoRefused(f"PORT={raw} is no port. Choose one from 1024 to 65535: make demo PORT=8080")
        return cls(host=environment.get("HOST") or "127.0.0.1", port=int(raw))

    @property
    def url(self) -> str:
        host = "localhost" if self.host in LOOPBACK or self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104
        return f"http://{host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        return self.host in LOOPBACK


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
