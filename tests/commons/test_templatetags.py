"""What templates use: built files, addresses of cities, icons, two languages."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import include, path
from django.utils import translation

from metacity.commons import frontend
from metacity.commons.addresses import CITY_PREFIX, city_url

MANIFEST = {
    "src/entries/city.ts": {
        "file": "assets/city-1.js",
        "imports": ["_three-2.js", "_shared-3.js"],
        "css": ["assets/city-4.css"],
    },
    "_three-2.js": {"file": "assets/three-2.js", "imports": ["_shared-3.js"]},
    "_shared-3.js": {"file": "assets/shared-3.js", "css": ["assets/shared-5.css"]},
}


def ideas(request: HttpRequest, city: str | None = None, number: int = 0) -> HttpResponse:
    return HttpResponse()


PAGES = [path("ideas/", ideas, name="list"), path("ideas/<int:number>/", ideas, name="detail")]
urlpatterns = [
    path("", include((PAGES, "ideas"))),
    path("c/<slug:city>/", include((PAGES, f"{CITY_PREFIX}ideas"))),
]


@dataclass
class City:
    slug: str
    is_default: bool = False
    name: str = "가온구"
    name_en: str = ""


def rendered(source: str, **context: object) -> str:
    return Template("{% load metacity_tags %}" + source).render(Context(context))


@pytest.fixture
def built(tmp_path: Path, settings: LazySettings) -> Iterator[Path]:
    """A folder in which a front end was built."""
    settings.BASE_DIR = tmp_path
    manifest = frontend.manifest_path()
    manifest.parent.mkdir(parents=True)
    manifest.write_text(json.dumps(MANIFEST))
    frontend._manifest.cache_clear()
    yield manifest
    frontend._manifest.cache_clear()


@pytest.mark.usefixtures("built")
def test_an_entry_links_its_styles_its_script_and_what_the_script_needs() -> None:
    assert rendered("{% vite 'city' %}").split("\n") == [
        '<link rel="stylesheet" href="/static/assets/shared-5.css">',
        '<link rel="stylesheet" href="/static/assets/city-4.css">',
        '<link rel="modulepreload" href="/static/assets/shared-3.js">',
        '<link rel="modulepreload" href="/static/assets/three-2.js">',
        '<script type="module" src="/static/assets/city-1.js"></script>',
    ]


@pytest.mark.usefixtures("built")
def test_an_entry_that_was_not_built_is_named() -> None:
    with pytest.raises(frontend.FrontEndNotBuilt, match="no entry 'map'"):
        rendered("{% vite 'map' %}")


def test_a_front_end_that_is_not_built_says_what_to_do(built: Path, settings: LazySettings) -> None:
    built.unlink()
    assert rendered("{% vite 'city' %}") == ""
    settings.MODE = "production"
    with pytest.raises(frontend.FrontEndNotBuilt, match="make"):
        rendered("{% vite 'city' %}")
    assert rendered("{% vite 'city' quiet=True %}") == ""


def test_a_new_build_is_seen_while_debugging(built: Path, settings: LazySettings) -> None:
    first = rendered("{% vite 'city' %}")
    built.write_text(json.dumps({"src/entries/city.ts": {"file": "assets/city-9.js"}}))
    assert rendered("{% vite 'city' %}") == first
    settings.DEBUG = True
    assert "city-9.js" in rendered("{% vite 'city' %}")


@pytest.mark.urls(__name__)
def test_the_default_city_has_the_short_address() -> None:
    source = "{% city_url 'ideas:list' city %} {% city_url 'ideas:detail' city number=7 %}"
    assert rendered(source, city=City("gaon", is_default=True)) == "/ideas/ /ideas/7/"
    assert rendered(source, city=None) == "/ideas/ /ideas/7/"
    assert rendered(source, city=City("den-haag")) == "/c/den-haag/ideas/ /c/den-haag/ideas/7/"
    assert city_url("ideas:detail", City("den-haag"), 7) == "/c/den-haag/ideas/7/"


def test_an_icon_is_for_eyes_only() -> None:
    assert rendered("{% icon name %}", name='x"><script>') == (
        '<svg class="icon" aria-hidden="true" focusable="false">'
        '<use href="/static/icons.svg#x&quot;&gt;&lt;script&gt;"></use></svg>'
    )


def test_content_is_shown_in_the_language_of_the_page() -> None:
    source = '{{ city|localised:"name" }}'
    assert rendered(source, city=City("gaon", name_en="Gaon-gu")) == "가온구"
    with translation.override("en"):
        assert rendered(source, city=City("gaon", name_en="Gaon-gu")) == "Gaon-gu"
        assert rendered(source, city=City("gaon")) == "가온구"
        assert rendered(source, city={"name_ko": "가온구", "name_en": "Gaon-gu"}) == "Gaon-gu"
