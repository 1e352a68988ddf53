"""What stops the demo before it starts, and the word that it leaves."""

import os
import socket
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from metacity.demo import preparation, redis_server
from metacity.demo.terms import Address, DemoRefused

Usage = namedtuple("Usage", "total used free")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_address_is_loopback_unless_told_otherwise() -> None:
    address = Address.from_environment({})
    assert (address.host, address.port, address.url) == ("127.0.0.1", 8000, "http://localhost:8000")
    assert address.is_loopback
    assert not Address.from_environment({"HOST": "0.0.0.0", "PORT": "8080"}).is_loopback  # noqa: S104


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "80.5"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(DemoRefused, match="PORT="):
        Address.from_environment({"PORT": port})


def test_a_busy_port_is_refused_with_the_next_one(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(DemoRefused, match=f"PORT={port + 1}"):
            preparation.check_machine(Address("127.0.0.1", port), tmp_path)


@pytest.mark.parametrize("host", ["nowhere.invalid", "192.0.2.1"])
def test_a_host_that_is_not_this_machine_is_refused_by_its_name(host: str, tmp_path: Path) -> None:
    with pytest.raises(DemoRefused, match=f"HOST={host} is no address of this machine"):
        preparation.check_machine(Address(host, free_port()), tmp_path)


def test_a_full_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparation.shutil, "disk_usage", lambda _path: Usage(10**9, 10**9, 2**20))
    with pytest.raises(DemoRefused, match="Only 1 MB"):
        preparation.check_machine(Address("127.0.0.1", free_port()), tmp_path)


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DemoRefused, match="cannot be written"):
        preparation.check_machine(Address("127.0.0.1", free_port()), tmp_path / "file" / "var")


def test_a_redis_that_does_not_answer_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{free_port()}")
    with pytest.raises(DemoRefused, match="REDIS_URL"), redis_server.running(tmp_path):
        pass


def test_without_any_redis_it_says_how_to_get_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(redis_server, "find_spec", lambda _name: None)
    with pytest.raises(DemoRefused, match="apt install redis-server"), redis_server.running(tmp_path):
        pass


@pytest.mark.parametrize("is_bundled", [False, True])
def test_a_private_redis_answers_on_a_socket_and_is_gone_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_bundled: bool
) -> None:
    monkeypatch.delenv("REDIS_URL", raising=False)
    if is_bundled:
        if sys.version_info >= (3, 13):
            pytest.skip("The wheel with a Redis is not made for this Python.")
        monkeypatch.setattr(redis_server.shutil, "which", lambda _name: None)
    with redis_server.running(tmp_path) as url:
        assert url.startswith("unix://")
        assert redis_server._answers(url)
    assert not redis_server._answers(url)
    assert not list(tmp_path.iterdir())


def test_the_demo_never_enters_a_database_named_for_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://metacity@/metacity")
    assert "DATABASE_URL" not in preparation.environment(Address("127.0.0.1", 8000), tmp_path, "unix:///nowhere")


def test_the_demo_keeps_its_secret_to_itself(tmp_path: Path) -> None:
    address = Address("127.0.0.1", 8000)
    first = preparation.environment(address, tmp_path, "unix:///nowhere")
    second = preparation.environment(address, tmp_path, "unix:///nowhere")
    if "SECRET_KEY" not in os.environ:
        assert first["SECRET_KEY"] == second["SECRET_KEY"]
        assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0
