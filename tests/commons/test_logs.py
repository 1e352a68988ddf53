"""Logs: one JSON object a line in production, with the request's id, from our own loggers and every library's."""

import json
import subprocess
import sys
from typing import Any

SPEAKING = """
import logging, logging.config, structlog
from metacity.commons import logs
logging.config.dictConfig(logs.configuration(json={json}, level="INFO"))
with structlog.contextvars.bound_contextvars(request_id="r-1"):
    structlog.get_logger("metacity.requests").info("answered", path="/가온구/")
    logging.getLogger("library").warning("%s is away", "redis")
logging.getLogger("library").debug("not told")
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("library").exception("broken")
"""


def lines(*, as_json: bool) -> list[str]:
    command = [sys.executable, "-c", SPEAKING.replace("{json}", str(as_json))]
    return subprocess.run(command, capture_output=True, text=True, check=True).stderr.splitlines()


def test_production_logs_one_object_a_line() -> None:
    told: list[dict[str, Any]] = [json.loads(line) for line in lines(as_json=True)]
    answered, away, broken = told
    assert (answered["event"], answered["path"], answered["request_id"]) == ("answered", "/가온구/", "r-1")
    assert (away["event"], away["request_id"], away["logger"]) == ("redis is away", "r-1", "library")
    assert broken["level"] == "error"
    assert "request_id" not in broken
    assert "ZeroDivisionError" in json.dumps(broken)
    assert all(line["timestamp"].endswith("Z") for line in told)


def test_elsewhere_logs_are_for_reading() -> None:
    told = lines(as_json=False)
    assert "answered" in told[0]
    assert not told[0].startswith("{")
