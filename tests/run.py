"""`python -m tests.run sqlite|postgresql|browser [pytest arguments]`: one part of `make test`.

A service that does not answer is named in a plain notice and its part is left out, unless SERVICES=required. Figures
of all parts are added up by `tests.closing`.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import redis

from tests.services import CHROMIUM, POSTGRESQL_URL, PrivateRedis, install_chromium, postgresql_answers, redis_answers

FIGURES = Path(".pytest_cache/closing")
IS_REQUIRED = os.environ.get("SERVICES") == "required"
NO_TESTS_COLLECTED = 5


def main(part: str, *arguments: str) -> int:
    environment = dict(os.environ)
    if part == "postgresql":
        if not postgresql_answers(POSTGRESQL_URL):
            return _left_out(
                part, f"no PostgreSQL answers at {urlsplit(POSTGRESQL_URL).hostname} (TEST_DATABASE_URL names another)"
            )
        environment["TEST_DATABASE_URL"] = POSTGRESQL_URL
    else:
        environment.pop("TEST_DATABASE_URL", None)
    if part == "browser" and not shutil.which(CHROMIUM) and not install_chromium():
        return _left_out(part, "no Chromium was found. Debian: apt install chromium")
    with PrivateRedis.unless(redis_answers(environment.get("TEST_REDIS_URL"))) as url:
        if url:
            environment["TEST_REDIS_URL"] = url
        return _pytest(part, environment, list(arguments))


def _pytest(part: str, environment: dict[str, str], arguments: list[str]) -> int:
    if part == "browser":
        is_named = any(argument.startswith("tests/") for argument in arguments)
        selection = ["-m", "browser", *([] if is_named else ["tests/e2e"])]
    else:
        selection = ["-m", "not browser", "-n", "2", "--dist", "worksteal"]
    command = [sys.executable, "-m", "pytest", "-q", *selection, *arguments]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    last = ""
    for line in process.stdout or []:
        sys.stdout.write(line)
        sys.stdout.flush()
        if re.search(r"\d+ (passed|failed|skipped|error)", line):
            last = line
    code = process.wait()
    _keep(part, last)
    return 0 if code == NO_TESTS_COLLECTED else code


def _left_out(part: str, why: str) -> int:
    print(f"{'FAILED' if IS_REQUIRED else 'Left out'}: the tests on {part}: {why}.")
    _keep(part, "")
    return 1 if IS_REQUIRED else 0


def _keep(part: str, line: str) -> None:
    FIGURES.mkdir(parents=True, exist_ok=True)
    (FIGURES / part).write_text(line)


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except redis.RedisError as error:
        sys.exit(f"Redis: {error}")
