"""What has to stand before the demo's processes start. Each step tells itself in one line and is skipped when done."""

import errno
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from time import monotonic

from metacity.demo.terms import Address, DemoRefused, say

DISK_NEEDED_MB = 500
LAST_PORT = 65535


def check_machine(address: Address, var: Path) -> None:
    """Refuse what would fail later: a busy port, a folder that cannot be written, a full disk."""
    try:
        var.mkdir(parents=True, exist_ok=True)
        probe = var / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise DemoRefused(
            f"{var} cannot be written ({error.strerror}). Choose another: METACITY_VAR=… make demo"
        ) from error
    free_mb = shutil.disk_usage(var).free // 2**20
    if free_mb < DISK_NEEDED_MB:
        raise DemoRefused(
            f"Only {free_mb} MB are free at {var}; the demo needs {DISK_NEEDED_MB} MB. Make room and try again."
        )
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe_socket:
        probe_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe_socket.bind((address.host, address.port))
        except OSError as error:
            raise DemoRefused(_unusable(address, error)) from error


def _unusable(address: Address, error: OSError) -> str:
    """Why nobody can listen there, and what to change: the host, where it is no address of this machine."""
    told = f"{address.host}:{address.port} cannot be used ({error.strerror})."
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return f"{told} HOST={address.host} is no address of this machine: leave HOST out, or name one that is."
    another = address.port + 1 if address.port < LAST_PORT else address.port - 1
    return f"{told} Choose another port: make demo PORT={another}"


def environment(address: Address, var: Path, redis_url: str) -> dict[str, str]:
    """The settings of every process of the demo."""
    return {
        # Never a database that somebody named for something else: everybody knows the demo's passwords.
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "METACITY_MODE": "demo",
        "METACITY_VAR": str(var),
        "PUBLIC_URL": os.environ.get("PUBLIC_URL") or address.url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": os.environ.get("SECRET_KEY") or _kept_secret(var / "secret-key"),
        "DJANGO_SETTINGS_MODULE": "metacity.settings",
        "PYTHONUNBUFFERED": "1",
    }


def prepare(root: Path, environment: Mapping[str, str]) -> None:
    """Database, words, city and people; a second start finds them and goes on."""
    var = Path(environment["METACITY_VAR"])
    state = _fingerprint(root)
    mark = var / "prepared"
    if mark.is_file() and mark.read_text() == state:
        say("  Database and sample district are ready")
        return
    _manage(root, environment, "Translations", "compilecatalogues")
    _manage(root, environment, "Database", "migrate", "--no-input", "-v", "0")
    _manage(root, environment, "Sample district, accounts and ideas", "seed_demo")
    mark.write_text(state)


def _manage(root: Path, environment: Mapping[str, str], title: str, *arguments: str) -> None:
    started = monotonic()
    result = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=root,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        tail = (result.stdout + result.stderr).strip()[-2000:]
        raise DemoRefused(f"{title}: `manage.py {' '.join(arguments)}` failed.\n{tail}")
    say(f"  {title} ({monotonic() - started:.0f} s)")


def _fingerprint(root: Path) -> str:
    """A hash of what the prepared state depends on: migrations, words and the sample district's making."""
    digest = sha256()
    for pattern in (
        "**/migrations/*.py",
        "metacity/locale/**/*.po",
        "twin/mirror/**/*.py",
        "participation/**/commands/*.py",
        "participation/**/seeding.py",
        "**/seeds/**/*",
    ):
        for file in sorted(root.glob(pattern)):
            if ".venv" not in file.parts and "node_modules" not in file.parts and file.is_file():
                digest.update(str(file.relative_to(root)).encode() + file.read_bytes())
    return digest.hexdigest()


def _kept_secret(file: Path) -> str:
    """A secret of this demo's own, made once, so that sessions outlive a restart."""
    if not file.is_file():
        file.touch(mode=0o600)
        file.write_text(os.urandom(32).hex())
    return file.read_text()
