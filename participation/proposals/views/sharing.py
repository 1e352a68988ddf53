"""What goes along with a shared link: a picture, a QR code, a small map. Drawn once for what they show."""

import hashlib
import io
import uuid
from collections.abc import Callable

import segno
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from participation.proposals.access import proposal_for
from participation.proposals.models import Proposal
from participation.proposals.pictures import card, surroundings_map

KEPT_S = 3600


@require_safe
def picture(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    """The Open Graph picture, 1200 × 630."""
    proposal = proposal_for(request.user, pk)
    return drawn(request, "image/png", "og", proposal, lambda: card(proposal))


@require_safe
def small_map(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    """The surroundings of the place as a drawing; empty for ideas without a place."""
    proposal = proposal_for(request.user, pk)
    return drawn(request, "image/svg+xml", "map", proposal, lambda: surroundings_map(proposal).encode())


@require_safe
def qr_code(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    proposal = proposal_for(request.user, pk)
    address = request.build_absolute_uri(proposal.get_absolute_url())
    return drawn(request, "image/svg+xml", "qr", proposal, lambda: qr_svg(address), shows=address)


def qr_svg(address: str) -> bytes:
    """Black on white with a quiet zone, so that it reads in every colour scheme and on paper."""
    out = io.BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(out, kind="svg", border=4, dark="#000", light="#fff", xmldecl=False, svgclass=None, lineclass=None)
    return out.getvalue()


def shown_of(proposal: Proposal) -> str:
    """Everything a picture depends on."""
    publication = proposal.city.publication_id
    return f"{proposal.id}:{proposal.content.number}:{proposal.state}:{publication}:{get_language()}"


def drawn(
    request: HttpRequest, kind: str, name: str, proposal: Proposal, draw: Callable[[], bytes], shows: str = ""
) -> HttpResponse:
    """The picture, drawn once for what it shows; 304 for who has it. Kept by caches only while everybody may see it."""
    digest = hashlib.sha256(f"{name}:{shows or shown_of(proposal)}".encode()).hexdigest()[:32]
    etag = quote_etag(digest)
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        key = f"picture:{digest}"
        body = cache.get(key)
        if body is None:
            body = draw()
            cache.set(key, body, KEPT_S)
        response = HttpResponse(body, content_type=kind)
    response.headers["ETag"] = etag
    if proposal.is_public:
        patch_cache_control(response, public=True, max_age=300)
    else:
        patch_cache_control(response, private=True, no_store=True)
    return response
