"""The environment that tests run in, set before Django reads its settings (loaded early, by `-p` in pyproject.toml).

Each xdist worker has a folder and three Redis databases of its own.
"""

import atexit
import os
import shutil
import tempfile

# A Redis has 16 databases unless told otherwise; three a worker leave room for five.
REDIS_DATABASES_EACH = 3
MOST_WORKERS = 5


def _worker_number() -> int:
    name = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    return int(name.removeprefix("gw"))


folder = tempfile.mkdtemp(prefix="metacity-test-")
atexit.register(shutil.rmtree, folder, ignore_errors=True)

if _worker_number() >= MOST_WORKERS:
    raise SystemExit(f"At most {MOST_WORKERS} test workers: each has Redis databases of its own.")

os.mkdir(os.path.join(folder, "static"))  # WhiteNoise looks for it
os.environ["METACITY_MODE"] = "test"
os.environ["METACITY_VAR"] = folder
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{folder}/metacity.sqlite3"
os.environ["REDIS_URL"] = os.environ.get("TEST_REDIS_URL") or "redis://127.0.0.1:6379"
os.environ["REDIS_FIRST_DATABASE"] = str(1 + REDIS_DATABASES_EACH * _worker_number())
