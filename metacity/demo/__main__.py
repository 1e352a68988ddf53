"""Prepare what is missing, start everything, wait until it answers, and stop all of it on Ctrl-C."""

import os
import signal
import sys
from pathlib import Path
from time import monotonic
from types import FrameType

from metacity.demo import preparation, redis_server, supervision
from metacity.demo.terms import Address, DemoRefused, say

ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> int:
    started = monotonic()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        address = Address.from_environment(os.environ)
        var = Path(os.environ.get("METACITY_VAR") or ROOT / "var").resolve()
        preparation.check_machine(address, var)
        with redis_server.running(var) as redis_url:
            environment = preparation.environment(address, var, redis_url)
            preparation.prepare(ROOT, environment)
            return supervision.serve(ROOT, environment, address, started)
    except DemoRefused as refusal:
        say(f"\n{refusal}")
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
        return 130


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
