"""What the generator makes before it is written: masses, buildings, ground covers, plants and furniture.

Plane coordinates are the plan's; heights of masses are above the building's own foot.
"""

from dataclasses import dataclass, field
from typing import Any

from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry


@dataclass(slots=True, frozen=True)
class Tier:
    """A box on a flat roof (`rise` > 0) or a recess in it (`rise` < 0), strictly within the roof it belongs to."""

    shape: Polygon
    rise: float
    tops: tuple["Tier", ...] = ()


@dataclass(slots=True, frozen=True)
class Mass:
    """One closed volume: a footprint drawn up to `top`, with its roof.

    `roof` is ``flat``, or ``gable`` or ``hip`` over four corners whose first edge is a long one, or ``ell`` over six
    corners in the order of `massing.ell`. `rise` is the roof's own height above the eaves at `top`.
    """

    shape: Polygon
    top: float
    foot: float = 0.0
    roof: str = "flat"
    rise: float = 0.0
    tiers: tuple[Tier, ...] = ()
    legs: tuple[Polygon, ...] = ()  # columns under a raised mass, down to the ground

    @property
    def height(self) -> float:
        """The highest point above the foot of the building."""

        def highest(tiers: tuple[Tier, ...]) -> float:
            return max((tier.rise + highest(tier.tops) for tier in tiers), default=0.0)

        return self.top + max(self.rise, highest(self.tiers), 0.0)


@dataclass(slots=True)
class Building:
    """A building of one mass, or of one part for each mass."""

    masses: list[Mass]
    use: str
    storeys: int
    year: int
    structure: str
    name: str = ""
    name_en: str = ""
    households: int = 0
    key: str = ""  # lasting id of a named place; others are numbered
    estate: str = ""  # buildings of one estate share its address
    attributes: dict[str, Any] = field(default_factory=dict)

    @property
    def footprint(self) -> BaseGeometry:
        """The ground that all masses cover."""
        shape: BaseGeometry = self.masses[0].shape
        for mass in self.masses[1:]:
            shape = shape.union(mass.shape)
        return shape


@dataclass(slots=True)
class Cover:
    """A piece of ground: ``PlantCover``, ``LandUse``, ``WaterBody``, ``TransportSquare`` or ``Railway``."""

    kind: str
    area: BaseGeometry
    use: str
    name: str = ""
    name_en: str = ""
    public: bool = False
    key: str = ""


@dataclass(slots=True, frozen=True)
class Tree:
    """A tree by its foot."""

    x: float
    y: float
    height_m: float
    crown_m: float
    species: str = "broadleaf"


@dataclass(slots=True, frozen=True)
class Furniture:
    """A piece of street furniture by its foot."""

    kind: str
    x: float
    y: float
    name: str = ""
    name_en: str = ""
    key: str = ""


@dataclass(slots=True)
class Span:
    """A bridge or viaduct: a deck along `line` at the heights `levels` of its ends, in metres above the datum."""

    key: str
    name: str
    name_en: str
    line: LineString
    width_m: float
    depth_m: float
    levels: tuple[float, float]
    pier_every_m: float
    use: str
    edge_m: float = 1.0  # parapet or railing


@dataclass(slots=True)
class District:
    """Everything that stands or lies in the district, apart from streets and terrain."""

    buildings: list[Building] = field(default_factory=list)
    covers: list[Cover] = field(default_factory=list)
    trees: list[Tree] = field(default_factory=list)
    furniture: list[Furniture] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
