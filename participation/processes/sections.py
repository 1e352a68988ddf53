"""What outer rooms add to a process's page: their own part of it, and where each act is done.

A room registers in its `ready()`:

    sections.register_section(proposals_of)                        # (process, request) -> Section
    sections.register_act(Act.PROPOSE, lambda process: address)    # where “Make a proposal” leads
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from participation.processes.kinds import Act
from participation.processes.models import Process


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page: a template and what it reads."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


Build = Callable[[Process, HttpRequest], Section]
Address = Callable[[Process], str]

_builds: list[Build] = []
_addresses: dict[Act, Address] = {}


def register_section(build: Build) -> None:
    if build not in _builds:
        _builds.append(build)


def register_act(act: Act, address: Address) -> None:
    _addresses[act] = address


def sections_of(process: Process, request: HttpRequest) -> list[str]:
    """Every room's part of the page, rendered."""
    sections = [build(process, request) for build in _builds]
    return [render_to_string(section.template, section.context, request) for section in sections]


def address_of(act: Act, process: Process) -> str:
    """Where one does `act` in the process; empty while no room offers it."""
    address = _addresses.get(act)
    return address(process) if address else ""
