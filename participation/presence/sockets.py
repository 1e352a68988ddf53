"""The pose socket, `/ws/poses/<city>/`: a bare ASGI application, because hundreds of people move in one process.

Binary messages are those of `wire`. Texts are JSON: `{"type": "welcome", "id", "name", "look"}` once;
`{"type": "names", "names": [[id, name, badge], …]}` before a frame with people who are new to the client;
`{"type": "counts", "total", "spots": [[east, north, people], …]}` in metres; and `{"type": "refused", "code"}`, after
which the socket may be closed. A socket that tells no pose is somebody who looks at a list or a map.
"""

import re
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings

from metacity.commons.consumers import TOO_MANY, limits_of
from metacity.commons.errors import CityError, TooMany
from participation.presence.access import guest_look
from participation.presence.hub import Fault, Hub, Origin, Visitor, close_code, hub

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]

SOCKETS_A_PERSON = 8
_GUEST = re.compile(r"[0-9a-f]{32}")
# What a browser says that leaves on purpose: by a link, by closing the tab.
_GOODBYES = {1000, 1001}

# How many sockets each person and each address has open in this process.
open_sockets: Counter[str] = Counter()


class TooManySockets(TooMany):
    code = "too_many_sockets"


async def poses(scope: Scope, receive: Receive, send: Any) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    here, visitor = hub(), Visitor(_origin_of(scope), send)
    for_good = True
    try:
        with _counted(scope):
            await here.enter(visitor)
            await _welcome(visitor)
            for_good = await _listen(here, visitor, receive)
    except CityError as refused:
        await visitor.close(refused.code, TOO_MANY if refused.status == 429 else close_code(refused))
    finally:  # however it ends, cancelled by the server included
        here.leave(visitor, for_good=for_good)


async def _listen(here: Hub, visitor: Visitor, receive: Receive) -> bool:
    """Until the socket is closed; whether for good."""
    while not visitor.is_closing:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return visitor.is_closing or message.get("code") in _GOODBYES
        try:
            here.hear(visitor, message.get("bytes"))
        except Fault as fault:
            await visitor.refuse(str(fault))
    return True


async def _welcome(visitor: Visitor) -> None:
    someone = visitor.someone
    if someone:
        look = "hidden" if someone.is_hidden else "named" if someone.name else "unnamed"
        await visitor.say({"type": "welcome", "id": someone.number, "name": someone.name, "look": look})


def _origin_of(scope: Scope) -> Origin:
    user = scope["user"]
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("guest", [""])[0]
    return Origin(
        world=scope["url_route"]["kwargs"]["world"],
        session_key=scope["session"].session_key,
        guest=asked if _GUEST.fullmatch(asked) else secrets.token_hex(16),
        guest_look=guest_look(scope["cookies"]),
        account=str(user.pk) if user.is_authenticated else "",
    )


@contextmanager
def _counted(scope: Scope) -> Iterator[None]:
    """Counts the socket under its person and its address. Raises `TooManySockets`."""
    limits = limits_of(scope, a_person=SOCKETS_A_PERSON, an_address=settings.PRESENCE_SOCKETS_AN_ADDRESS)
    open_sockets.update(limits.keys())
    try:
        if any(open_sockets[name] > limit for name, limit in limits.items()):
            raise TooManySockets
        yield
    finally:
        open_sockets.subtract(limits.keys())
        for name in limits:
            if open_sockets[name] <= 0:
                del open_sockets[name]
