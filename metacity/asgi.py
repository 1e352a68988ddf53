"""The ASGI application: pages and API over HTTP, events over WebSocket."""

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application
from django.urls import path, re_path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metacity.settings")

http = get_asgi_application()

# Only now: what follows needs the applications loaded.
from metacity.commons.checks import refuse_unsafe_deployment  # noqa: E402
from metacity.commons.consumers import EventsSocket, nowhere  # noqa: E402
from participation.presence.sockets import poses  # noqa: E402

refuse_unsafe_deployment()

websocket = AllowedHostsOriginValidator(
    AuthMiddlewareStack(
        URLRouter(
            [
                path("ws/events/", EventsSocket.as_asgi()),
                path("ws/poses/<slug:world>/", poses),  # type: ignore[arg-type]  # a bare ASGI application
                re_path(r"", nowhere),  # type: ignore[arg-type]  # URLRouter raises where no path fits
            ]
        )
    )
)

application = ProtocolTypeRouter({"http": http, "websocket": websocket})
