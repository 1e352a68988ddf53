"""What goes over the pose socket, byte by byte. Little-endian; lengths in centimetres of the city's local frame.

From a client: a pose, `1, u32 tick, i32 east, i32 north, i32 up, u8 yaw, u8 state`, or an echo, `2, u32 tick`; `tick`
is that of the latest frame or beat it has read. To a client: a frame, `1, u8 records, u16 others, u32 tick, i32 east,
i32 north, i32 up` and for each person `u32 id, i16 east, i16 north, i16 up, u8 yaw, u8 state` relative to that origin;
or a beat, `2, u32 tick`. Whole numbers: a pose that is no number cannot be said.
"""

import struct
from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

POSE, ECHO = 1, 2
FRAME, BEAT = 1, 2

_POSE = struct.Struct("<BIiiiBB")
_TICK = struct.Struct("<BI")
_HEADER = struct.Struct("<BBHIiii")
_RECORD = struct.Struct("<IhhhBB")
_REACH_CM = 32_767
_MOST_OTHERS = 65_535


class State(IntEnum):
    """What somebody is doing."""

    STANDING = 0
    WALKING = 1
    # Looks at the place from above: stands nowhere.
    FLYING = 2


class Pose(NamedTuple):
    """Where somebody is. `yaw` counts 256 steps clockwise from north."""

    e: int
    n: int
    z: int
    yaw: int
    state: int


class Malformed(ValueError):
    """Not a message that a client of ours sends."""


def read(data: bytes | None) -> tuple[int, Pose | None]:
    """The tick that a client has seen, and its pose where it tells one. Raises `Malformed`."""
    try:
        if data and data[0] == ECHO:
            return _TICK.unpack(data)[1], None
        if data and data[0] == POSE:
            _kind, tick, *told = _POSE.unpack(data)
            return tick, _known(Pose(*told))
    except struct.error:
        pass
    raise Malformed


def _known(pose: Pose) -> Pose:
    if pose.state > State.FLYING:
        raise Malformed
    return pose


def beat(tick: int) -> bytes:
    return _TICK.pack(BEAT, tick)


def frame(tick: int, origin: tuple[int, int], people: Sequence[tuple[int, Pose]], others: int) -> bytes:
    """Everybody near `origin`; `others` are there as well and not told one by one."""
    east, north = origin
    up = min((pose.z for _id, pose in people), default=0)
    header = _HEADER.pack(FRAME, len(people), min(others, _MOST_OTHERS), tick, east, north, up)
    return header + b"".join(
        _RECORD.pack(number, pose.e - east, pose.n - north, min(pose.z - up, _REACH_CM), pose.yaw, pose.state)
        for number, pose in people
    )


def dated(frame: bytes, tick: int) -> bytes:
    """The same frame as sent at another tick."""
    return frame[:4] + tick.to_bytes(4, "little") + frame[8:]
