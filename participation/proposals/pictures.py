"""Pictures of a proposal drawn by the server: the one that goes along with a shared link, and its surroundings.

Both carry the words that it is a citizen's proposal and not an approved plan.
"""

import io
import json
from functools import cache, lru_cache
from pathlib import Path

from django.utils.html import escape
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw

from metacity.commons.context import service
from metacity.commons.fonts import typeface
from metacity.commons.i18n import localised
from participation.proposals.content import Place
from participation.proposals.models import Proposal
from participation.proposals.scenery import GROUND, IDEA_EDGE, RADIUS_M, Facet, facets_around
from participation.proposals.states import State
from twin.mirror.designs.changes import ChangeSet
from twin.mirror.models import City

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
    number = _("No. %(number)s") % {"number": proposal.number}
    draw.text((left, y + 16), f"{state} · {number}", font=typeface(30), fill=QUIET)
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
    middle, scale = (size[0] / 2, size[1] * 0.54), size[0] / (1.12 * RADIUS_M)
    for facet in _facets(proposal):
        points = [(middle[0] + x * scale, middle[1] + y * scale) for x, y in facet.points]
        draw.polygon(points, fill=facet.fill, outline=facet.line or None, width=FINER if facet.line == IDEA_EDGE else 1)
    if proposal.content.has_place and not proposal.content.has_design:
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
    """An SVG of the place as a small model with a pin or a design. The page says both in words beside it."""
    content = proposal.content
    return _model(content.place_shown, _facets(proposal), content.has_place, content.has_design)


def drawing_map(city: City, place: Place, design: ChangeSet | None) -> str:
    """As `surroundings_map`, of what is drawn so far."""
    facets = _facets_of(str(city.pk), str(city.publication_id), place.e, place.n, design)
    return _model(localised(place, "words"), facets, place.e is not None, design is not None)


def _model(title: str, facets: list[Facet], has_place: bool, has_design: bool) -> str:
    width, height = 2 * RADIUS_M, 1.24 * RADIUS_M
    body = "".join(_svg_facet(facet) for facet in facets)
    mark = _svg_label() if has_design else _SVG_PIN if has_place else ""
    title = escape(f"{title}. {not_a_plan()}" if has_design else title)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-width / 2:g} {-height * 0.62:g} {width:g} {height:g}" '
        f'preserveAspectRatio="xMidYMid slice" role="img"><title>{title}</title>'
        f'<rect x="{-width:g}" y="{-height:g}" width="{2 * width:g}" height="{2 * height:g}" fill="{GROUND}"/>'
        f'<g stroke-width=".25" stroke-linejoin="round">{body}</g>{mark}</svg>'
    )


def _svg_facet(facet: Facet) -> str:
    path = "M" + "L".join(f"{x:g} {y:g}" for x, y in facet.points) + "z"
    line = f' stroke="{facet.line}"' if facet.line else ""
    heavy = ' stroke-width=".7"' if facet.line == IDEA_EDGE else ""
    return f'<path d="{path}" fill="{facet.fill}"{line}{heavy}/>'


def _svg_label() -> str:
    """What every view of a design carries, at the upper left; as outlines, since a picture loads no typeface."""
    return (
        f'<path transform="translate({-0.95 * RADIUS_M:g} {-0.64 * RADIUS_M:g})" '
        f'd="{_label_outlines()[str(not_a_plan())]}" fill="{ORANGE_INK}" stroke="{ORANGE_TINT}" '
        f'stroke-width="3" stroke-linejoin="round" paint-order="stroke"/>'
    )


@cache
def _label_outlines() -> dict[str, str]:
    """The label of each language as the path that draws it. Made by `metacity.commons.fonts.outlines`."""
    outlines: dict[str, str] = json.loads(Path(__file__).with_name("label_outlines.json").read_text("utf-8"))
    return outlines


_SVG_PIN = (
    '<g transform="translate(0 0)"><path d="M0 0C-3-6-8-9-8-15.500a8 8 0 0 1 16 0C8-9 3-6 0 0z" fill="#f28c28" '
    'stroke="#6e3600" stroke-width="1.200"/><circle cy="-15.500" r="3" fill="#fffaf1"/></g>'
)


def _facets(proposal: Proposal) -> list[Facet]:
    content = proposal.content
    return _facets_of(str(proposal.city_id), str(proposal.city.publication_id), content.e, content.n, content.design)


@lru_cache(maxsize=64)
def _facets_of(
    city_id: str, publication_id: str, e: float | None, n: float | None, design: ChangeSet | None
) -> list[Facet]:
    if e is None or n is None:
        e, n = _middle(design)
    if e is None or n is None:
        return []
    return facets_around(City.objects.select_related("publication").get(pk=city_id), e, n, design)


def _middle(design: ChangeSet | None) -> tuple[float, float] | tuple[None, None]:
    """Of a design that stands for itself, in an idea without a place."""
    points = design.points if design else []
    if not points:
        return None, None
    return sum(e for e, _n in points) / len(points), sum(n for _e, n in points) / len(points)
