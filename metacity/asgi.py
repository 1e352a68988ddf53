"""The ASGI application: pages and API over HTTP, events over WebSocket."""

import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metacity.settings")

application = ProtocolTypeRouter({"http": get_asgi_application()})
