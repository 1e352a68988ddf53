"""The ground people are on: how far it reaches, and the cells that they see each other by."""

from dataclasses import dataclass
from typing import Self

from participation.presence.errors import WorldUnknown
from participation.presence.wire import Pose
from twin.mirror.models import City

Cell = tuple[int, int]

# One sees one's own cell and the eight around it, so 200 to 400 m far; a record reaches 327 m from the cell's middle.
CELL_CM = 20_000
# The camera may leave the city so far; see `static/src/twin/rig.ts`.
MARGIN_CM = 30_000
# Heights are told by the browser, which knows the ground; these catch nonsense.
BELOW_CM, ABOVE_CM = 10_000, 200_000


@dataclass(frozen=True, slots=True)
class Ground:
    """A box in centimetres of the local frame."""

    min_e: int
    min_n: int
    min_z: int
    max_e: int
    max_n: int
    max_z: int

    @classmethod
    def of(cls, city: City) -> Self:
        """Raises `WorldUnknown` for a city that shows nothing yet."""
        bounds = (city.publication.manifest if city.publication else {}).get("bounds")
        if not bounds:
            raise WorldUnknown
        least, most = ([round(metres * 100) for metres in bounds[end]] for end in ("min", "max"))
        return cls(
            least[0] - MARGIN_CM, least[1] - MARGIN_CM, least[2] - BELOW_CM,
            most[0] + MARGIN_CM, most[1] + MARGIN_CM, most[2] + ABOVE_CM,
        )  # fmt: skip

    def holds(self, pose: Pose) -> bool:
        return (
            self.min_e <= pose.e <= self.max_e
            and self.min_n <= pose.n <= self.max_n
            and self.min_z <= pose.z <= self.max_z
        )


def cell_of(pose: Pose) -> Cell:
    return pose.e // CELL_CM, pose.n // CELL_CM


def middle_of(cell: Cell) -> tuple[int, int]:
    return cell[0] * CELL_CM + CELL_CM // 2, cell[1] * CELL_CM + CELL_CM // 2


def around(cell: Cell) -> list[Cell]:
    """The cell itself first, then its eight neighbours."""
    e, n = cell
    return [cell, *((e + x, n + y) for x in (-1, 0, 1) for y in (-1, 0, 1) if x or y)]
