"""Pictures of a proposal drawn by the server: the one that goes along with a shared link, and its surroundings.

Both carry the words that it is a citizen's proposal and not an approved plan.
"""

import io
from functools import lru_cache

from django.utils.html import escape
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw

from metacity.commons.context import service
from metacity.commons.fonts import typeface
from participation.proposals.models import Proposal
from participation.proposals.scenery import GROUND, RADIUS_M, Facet, facets_around
from participation.proposals.states import State

WIDTH, HEIGHT = 1200, 630
PAPER, INK, QUIET = "#fffaf1", "#1e2124", "#464c53"
ORANGE, ORANGE_INK, ORANGE_TINT = "#f28c28", "#6e3600", "#fdeedb"
SCENE_LEFT = 700  # the model fills what lies right of the words
FINER = 2  # drawn this much larger, then reduced: smooth edges


def not_a_plan() -> str:
    return _("Citizen's proposal · not an approved plan")


# --- The picture of a shared link ---


def card(proposal: Proposal) -> bytes:
    """A PNG of 1200 × 630 with the title, the state, the label and the place as a small model."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    image.paste(_scene(proposal), (SCENE_LEFT, 0))
    _words(draw, proposal)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _words(draw: ImageDraw.ImageDraw, proposal: Proposal) -> None:
    left, width = 64, SCENE_LEFT - 64 - 48
    told = service()
    draw.text((left, 56), told.name, font=typeface(30, bold=True), fill=INK)
    y = _label(draw, left, 128)
    lines = wrapped(proposal.content.title, 54, width)[:4]
    for line in lines:
        draw.text((left, y), line, font=typeface(54, bold=True), fill=INK)
        y += 72
    state = State(proposal.state).label
    draw.text((left, y + 16), f"{state} · {_('No. %(n)d') % {'n': proposal.number}}", font=typeface(30), fill=QUIET)
    place = proposal.content.place_shown
    draw.text((left, HEIGHT - 96), wrapped(place, 30, width)[0], font=typeface(30), fill=QUIET)


def _label(draw: ImageDraw.ImageDraw, x: int, y: int) -> int:
    """The label, striped at its left as everywhere; returns where to go on."""
    font = typeface(28, bold=True)
    right = x + 28 + draw.textlength(not_a_plan(), font=font) + 20
    draw.rounded_rectangle((x, y, right, y + 52), radius=8, fill=ORANGE_TINT)
    draw.rounded_rectangle((x, y, x + 10, y + 52), radius=4, fill=ORANGE)
    draw.text((x + 28, y + 26), not_a_plan(), font=font, fill=ORANGE_INK, anchor="lm")
    return y + 84


def wrapped(text: str, size_px: int, width_px: int) -> list[str]:
    """Lines that fit a width: broken between words, and within a word that is too long. Never empty."""
    font = typeface(size_px, bold=True)
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if font.getlength(joined) <= width_px:
            lines[-1] = joined
            continue
        lines += [word] if lines[-1] else []
        lines[-1] = lines[-1] or word
        while font.getlength(lines[-1]) > width_px:
            kept = next(k for k in range(len(lines[-1]), 0, -1) if k == 1 or font.getlength(lines[-1][:k]) <= width_px)
            lines[-1:] = [lines[-1][:kept], lines[-1][kept:]]
    return [line for line in lines if line] or [""]


def _scene(proposal: Proposal) -> Image.Image:
    size = ((WIDTH - SCENE_LEFT) * FINER, HEIGHT * FINER)
    image = Image.new("RGB", size, GROUND)
    draw = ImageDraw.Draw(image)
    middle, scale = (size[0] / 2, size[1] * 0.56), size[0] / (1.5 * RADIUS_M)
    for facet in _facets(proposal):
        points = [(middle[0] + x * scale, middle[1] + y * scale) for x, y in facet.points]
        draw.polygon(points, fill=facet.fill, outline=facet.line or None)
    if proposal.content.has_place:
        _pin(draw, middle, 34 * FINER)
    return image.resize((WIDTH - SCENE_LEFT, HEIGHT), Image.Resampling.LANCZOS)


def _pin(draw: ImageDraw.ImageDraw, foot: tuple[float, float], size: float) -> None:
    """A map pin whose point stands at `foot`."""
    x, y = foot
    head = y - 2.1 * size
    draw.polygon(
        [(x - 0.82 * size, head + 0.55 * size), (x + 0.82 * size, head + 0.55 * size), (x, y)], fill=ORANGE_INK
    )
    draw.ellipse((x - size, head - size, x + size, head + size), fill=ORANGE_INK)
    draw.ellipse((x - 0.84 * size, head - 0.84 * size, x + 0.84 * size, head + 0.84 * size), fill=ORANGE)
    draw.ellipse((x - 0.34 * size, head - 0.34 * size, x + 0.34 * size, head + 0.34 * size), fill=PAPER)


# --- The surroundings on a page ---


def surroundings_map(proposal: Proposal) -> str:
    """An SVG of the place as a small model with a pin. The page says the place in words beside it."""
    width, height = 2 * RADIUS_M, 1.24 * RADIUS_M
    body = "".join(_svg_facet(facet) for facet in _facets(proposal))
    pin = _SVG_PIN if proposal.content.has_place else ""
    title = escape(proposal.content.place_shown)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-width / 2:g} {-height * 0.62:g} {width:g} {height:g}" '
        f'preserveAspectRatio="xMidYMid slice" role="img"><title>{title}</title>'
        f'<rect x="{-width:g}" y="{-height:g}" width="{2 * width:g}" height="{2 * height:g}" fill="{GROUND}"/>'
        f'<g stroke-width=".25" stroke-linejoin="round">{body}</g>{pin}</svg>'
    )


def _svg_facet(facet: Facet) -> str:
    path = "M" + "L".join(f"{x:g} {y:g}" for x, y in facet.points) + "z"
    line = f' stroke="{facet.line}"' if facet.line else ""
    return f'<path d="{path}" fill="{facet.fill}"{line}/>'


_SVG_PIN = (
    '<g transform="translate(0 0)"><path d="M0 0C-3-6-8-9-8-15.500a8 8 0 0 1 16 0C8-9 3-6 0 0z" fill="#f28c28" '
    'stroke="#6e3600" stroke-width="1.200"/><circle cy="-15.500" r="3" fill="#fffaf1"/></g>'
)


def _facets(proposal: Proposal) -> list[Facet]:
    content = proposal.content
    if content.e is None or content.n is None:
        return []
    return _facets_of(str(proposal.city_id), str(proposal.city.publication_id), content.e, content.n)


@lru_cache(maxsize=64)
def _facets_of(city_id: str, publication_id: str, e: float, n: float) -> list[Facet]:
    from twin.mirror.models import City

    return facets_around(City.objects.select_related("publication").get(pk=city_id), e, n)
