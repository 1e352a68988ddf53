"""People in one world, as one process knows them: last pose wins, and one frame a cell tells it to everybody there.

No database, no network, no clock: `hub.py` moves it on by ticks.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from participation.presence import wire
from participation.presence.ground import Cell, Ground, around, cell_of, middle_of
from participation.presence.identity import Someone
from participation.presence.wire import Pose

MOST_SHOWN = 48
# So many of them are kept for people with a badge, whoever else is near.
RESERVED = 12

Named = tuple[int, str, str]


class Viewer(Protocol):
    """A socket of this process, as the world knows it."""

    cell: Cell | None

    def __hash__(self) -> int: ...


# Who brings somebody: a socket of ours, or another process by its name.
Holder = Viewer | str


class Avatar:
    """Somebody in the world: one, however many tabs, devices and processes they come from."""

    __slots__ = ("cell", "holders", "placed_at", "placed_by", "pose", "someone")

    def __init__(self, someone: Someone) -> None:
        self.someone = someone
        self.pose: Pose | None = None
        self.cell: Cell | None = None
        # Who keeps the avatar here, which of them put it somewhere, and who did so last.
        self.holders: dict[Holder, bool] = {}
        self.placed_by: Holder | None = None
        self.placed_at = 0.0

    @property
    def named(self) -> Named:
        return self.someone.number, self.someone.name, self.someone.badge

    @property
    def is_ours(self) -> bool:
        """Whether some socket of this process brings it."""
        return not all(isinstance(holder, str) for holder in self.holders)

    @property
    def is_told_by_us(self) -> bool:
        """Whether other processes hear of its place from this one: who placed it last tells, or they would echo."""
        return self.placed_by is not None and not isinstance(self.placed_by, str)


@dataclass(frozen=True, slots=True)
class Frame:
    """What everybody who looks at a cell is sent."""

    tick: int
    data: bytes
    named: frozenset[Named]


@dataclass
class World:
    ground: Ground
    avatars: dict[int, Avatar] = field(default_factory=dict)
    cells: dict[Cell, dict[int, Avatar]] = field(default_factory=dict)
    viewers: dict[Cell, set[Viewer]] = field(default_factory=dict)
    frames: dict[Cell, Frame] = field(default_factory=dict)
    # Cells in which something is new since the last frame, and since the last word to other processes.
    changed: set[Cell] = field(default_factory=set)
    untold: set[Cell] = field(default_factory=set)

    def hold(self, someone: Someone, holder: Holder) -> None:
        """`holder` brings somebody, or brings news of how they are seen."""
        avatar = self.avatars.get(someone.number)
        if avatar is None:
            avatar = self.avatars[someone.number] = Avatar(someone)
        avatar.holders.setdefault(holder, False)
        # What this process read itself of an account counts more than what another tells.
        if avatar.someone == someone or (isinstance(holder, str) and avatar.is_ours):
            return
        avatar.someone = someone
        if someone.is_hidden:
            self._take_up(avatar)
        elif avatar.cell is not None:
            self._mark(avatar.cell)

    def place(self, number: int, holder: Holder, pose: Pose, at: float) -> None:
        """Somebody is there since `at` (s). The latest counts, whichever tab or process it comes from."""
        avatar = self.avatars[number]
        avatar.holders[holder] = True
        if avatar.someone.is_hidden or avatar.pose == pose or at < avatar.placed_at:
            return
        avatar.placed_by, avatar.placed_at = holder, at
        cell = cell_of(pose)
        if avatar.cell != cell:
            # Told to others there first: somebody who crosses a border is nowhere for nobody.
            self.cells.setdefault(cell, {})[number] = avatar
            self._mark(cell)
            self._leave_cell(avatar)
        avatar.pose, avatar.cell = pose, cell
        self._mark(cell)

    def let_go(self, number: int, holder: Holder) -> None:
        """`holder` is gone; with the last one goes the avatar."""
        avatar = self.avatars.get(number)
        if avatar is None or avatar.holders.pop(holder, None) is None:
            return
        if avatar.placed_by == holder:
            avatar.placed_by = next((other for other, placed in avatar.holders.items() if placed), None)
        if avatar.placed_by is None:
            self._take_up(avatar)
        elif avatar.cell is not None:
            self.untold.add(avatar.cell)
        if not avatar.holders:
            del self.avatars[number]

    def look_at(self, viewer: Viewer, cell: Cell | None) -> None:
        if viewer.cell is not None:
            looking = self.viewers[viewer.cell]
            looking.discard(viewer)
            if not looking:
                del self.viewers[viewer.cell]
                self.frames.pop(viewer.cell, None)
        viewer.cell = cell
        if cell is not None:
            self.viewers.setdefault(cell, set()).add(viewer)

    def seen_cells(self) -> set[Cell]:
        """Every cell that somebody of this process sees."""
        return {near for cell in self.viewers for near in around(cell)}

    def make_frames(self, tick: int) -> None:
        """A new frame for every cell from which something new is seen."""
        stale = {near for cell in self.changed for near in around(cell)} & self.viewers.keys()
        for cell in stale | (self.viewers.keys() - self.frames.keys()):
            self.frames[cell] = self._frame(cell, tick)
        self.changed.clear()

    def ours(self) -> Iterator[Avatar]:
        """Visible people whom this process brings, wherever they are or are not."""
        return (avatar for avatar in self.avatars.values() if avatar.is_ours and not avatar.someone.is_hidden)

    def told_by_us(self, cell: Cell) -> list[Avatar]:
        """Whom this process tells others of, in one cell."""
        return [avatar for avatar in self.cells.get(cell, {}).values() if avatar.is_told_by_us]

    def _frame(self, cell: Cell, tick: int) -> Frame:
        near = [avatar for spot in around(cell) for avatar in self.cells.get(spot, {}).values()]
        shown = near if len(near) <= MOST_SHOWN else _chosen(near)
        people = [(avatar.someone.number, avatar.pose) for avatar in shown if avatar.pose]
        data = wire.frame(tick, middle_of(cell), people, len(near) - len(shown))
        return Frame(tick, data, frozenset(avatar.named for avatar in shown))

    def _take_up(self, avatar: Avatar) -> None:
        """From its place, not from the world."""
        self._leave_cell(avatar)
        avatar.pose = avatar.cell = avatar.placed_by = None
        avatar.placed_at = 0.0

    def _leave_cell(self, avatar: Avatar) -> None:
        if avatar.cell is None:
            return
        there = self.cells[avatar.cell]
        del there[avatar.someone.number]
        if not there:
            del self.cells[avatar.cell]
        self._mark(avatar.cell)

    def _mark(self, cell: Cell) -> None:
        self.changed.add(cell)
        self.untold.add(cell)


def _chosen(near: list[Avatar]) -> list[Avatar]:
    """Those with a badge first, as far as places are reserved; then the nearest cells, in the order of arrival."""
    reserved = [avatar for avatar in near if avatar.someone.badge][:RESERVED]
    kept = {avatar.someone.number for avatar in reserved}
    others = [avatar for avatar in near if avatar.someone.number not in kept]
    return reserved + others[: MOST_SHOWN - len(reserved)]
