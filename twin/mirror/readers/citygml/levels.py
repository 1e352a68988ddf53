"""Which of the geometries of an object make up each of its levels of detail."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from twin.mirror.features import Kind, Semantic
from twin.mirror.readers.citygml.geometry import Shape

# The first of these that an object has is its shape; the others say the same in other ways.
_ROLES = (
    "Solid", "MultiSolid", "Geometry", "MultiSurface", "Surface", "Tin", "ImplicitRepresentation", "FootPrint",
    "RoofEdge",
)  # fmt: skip
_ROLE_SEMANTICS = {"FootPrint": Semantic.GROUND, "RoofEdge": Semantic.ROOF}
_LINE_ROLES = ("MultiCurve", "Network", "Curve", "Geometry")
_POINT_ROLES = ("Geometry", "Point", "MultiPoint")
# Their own surface is that of their areas over again.
_MADE_OF_AREAS = {Kind.ROAD, Kind.RAILWAY, Kind.SQUARE}


@dataclass(slots=True)
class Level:
    """What an object has at one level: shapes of its own by their role, and the surfaces that bound it."""

    roles: dict[str, Shape] = field(default_factory=dict)
    bounding: dict[int, tuple[bool, Semantic]] = field(default_factory=dict)

    def role(self, name: str) -> Shape:
        return self.roles.setdefault(name, Shape())

    def bound(self, shape: Shape, semantic: Semantic) -> None:
        for number, is_turned in shape.surfaces.items():
            self.bounding.setdefault(number, (is_turned, semantic))

    def surfaces(self, kind: Kind) -> "Surfaced":
        """The surfaces of the level, each once: of a solid, what bounds it says what its faces are.

        Surfaces that bound an object and are no face of its solid stand beside it, such as windows: the solid then is
        not what encloses.
        """
        role = next((name for name in _ROLES if name in self.roles and self.roles[name].surfaces), "")
        own = self.roles[role] if role and not (self.bounding and kind in _MADE_OF_AREAS) else Shape()
        usual = _ROLE_SEMANTICS.get(role, Semantic.UNKNOWN)
        found = Surfaced(is_solid=own.is_solid)
        for number, is_turned in own.surfaces.items():
            semantic = self.bounding[number][1] if number in self.bounding else usual
            found.faces[number] = (is_turned, semantic)
        for number, face in self.bounding.items():
            if number not in found.faces:
                found.faces[number] = face
                found.is_solid = False
        return found

    def lines(self) -> list[list[int]]:
        return next(
            (self.roles[name].lines for name in _LINE_ROLES if name in self.roles and self.roles[name].lines), []
        )

    def points(self) -> list[int]:
        return next(
            (self.roles[name].points for name in _POINT_ROLES if name in self.roles and self.roles[name].points), []
        )


@dataclass(slots=True)
class Surfaced:
    """Faces of one level: number → whether it is turned round, and what it is."""

    faces: dict[int, tuple[bool, Semantic]] = field(default_factory=dict)
    is_solid: bool = False


@dataclass(slots=True)
class Levels:
    """All levels of an object."""

    by_number: dict[str, Level] = field(default_factory=dict)

    def at(self, number: str) -> Level:
        return self.by_number.setdefault(number, Level())

    def lines(self) -> list[list[int]]:
        """Those of the least detailed level that has some."""
        return next((lines for level in self._rising() if (lines := level.lines())), [])

    def points(self) -> list[int]:
        return next((points for level in self._rising() if (points := level.points())), [])

    def _rising(self) -> Iterator[Level]:
        return (self.by_number[number] for number in sorted(self.by_number))
