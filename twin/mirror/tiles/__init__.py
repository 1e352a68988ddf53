"""A publication's files, made from features: 3D Tiles, ground, things placed, labels, heights and the 2D map.

Nothing here knows of databases or requests.
"""

from twin.mirror.tiles.build import build, build_city

__all__ = ["build", "build_city"]
