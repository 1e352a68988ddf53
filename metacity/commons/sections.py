"""Pages that outer rooms add to: the inner room shows the page, the outer one hands over its part.

parts: Sections[Process] = Sections()              # in the inner room
parts.register(proposals_of)                       # in the outer room's `ready()`; (process, request) -> Section
context["sections"] = parts.rendered(process, request)
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.http import HttpRequest
from django.template.loader import render_to_string

Subject = TypeVar("Subject")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page: a template and what it reads."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


class Sections(Generic[Subject]):
    """The parts of one place on a page, in the order in which rooms registered: from the inside out."""

    def __init__(self) -> None:
        self._builds: list[Callable[[Subject, HttpRequest], Section | None]] = []

    def register(self, build: Callable[[Subject, HttpRequest], Section | None]) -> None:
        """`build` answers `None` where the room has nothing to say."""
        if build not in self._builds:
            self._builds.append(build)

    def rendered(self, subject: Subject, request: HttpRequest) -> list[str]:
        found = [build(subject, request) for build in self._builds]
        return [render_to_string(part.template, part.context, request) for part in found if part is not None]
