"""How pages look: what a visitor chose, what the office set."""

from http import HTTPStatus
from typing import Any

import pytest
from django.core.checks import run_checks
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation
from pytest_django.fixtures import Settings

from metacity.commons import context
from metacity.commons.colour import contrast, is_colour
from metacity.commons.preferences import Look, look_of


def choose(client: Client, **chosen: str) -> Any:
    return client.post("/preferences/", {"next": "/proposals/?page=2", **chosen})


def test_a_choice_is_kept_and_leads_back(client: Client) -> None:
    answer = choose(client, text_size="large", contrast="high")
    assert answer.status_code == HTTPStatus.FOUND
    assert answer["Location"] == "/proposals/?page=2"
    assert answer.cookies["text_size"].value == "large"
    assert answer.cookies["contrast"].value == "high"


def test_one_choice_leaves_the_other(client: Client) -> None:
    assert "contrast" not in choose(client, text_size="small").cookies


def test_an_unknown_choice_is_not_kept(client: Client) -> None:
    assert "text_size" not in choose(client, text_size='large"><script>').cookies


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_a_choice_never_leads_to_another_site(client: Client, target: str) -> None:
    assert client.post("/preferences/", {"next": target, "contrast": "high"})["Location"] == "/"


def test_a_script_is_answered_without_a_page(client: Client) -> None:
    answer = client.post("/preferences/", {"contrast": "high"}, headers={"accept": "application/json"})
    assert answer.status_code == HTTPStatus.NO_CONTENT
    assert answer.cookies["contrast"].value == "high"


def test_a_choice_is_not_made_by_following_a_link(client: Client) -> None:
    assert client.get("/preferences/", {"contrast": "high"}).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_a_cookie_with_an_unknown_value_counts_as_none(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.COOKIES.update(text_size="huge", contrast="high")
    assert look_of(request) == Look(text_size="normal", contrast="high")


def test_the_service_speaks_the_language_of_the_page(settings: Settings) -> None:
    settings.SERVICE = {**settings.SERVICE, "office_ko": "가온구청", "office_en": "Gaon-gu Office"}
    with translation.override("ko"):
        assert context.service().office == "가온구청"
    with translation.override("en"):
        assert context.service().office == "Gaon-gu Office"


def test_only_a_site_of_the_government_says_so(settings: Settings) -> None:
    def masthead() -> str:
        with translation.override("en"):
            return render_to_string("components/masthead.html", {"service": context.service()})

    settings.SERVICE_IS_OFFICIAL = False
    assert masthead().strip() == ""
    settings.SERVICE_IS_OFFICIAL = True
    assert "official website" in masthead()
    settings.MODE = "demo"
    assert "official website" not in masthead()
    assert "Everything here is made up" in masthead()


def test_the_own_colour_is_served_as_a_style_sheet(client: Client, settings: Settings) -> None:
    settings.SERVICE = {**settings.SERVICE, "colour": "#1c589c"}
    answer = client.get("/service.css")
    assert answer["Content-Type"] == "text/css"
    assert answer.content == b":root{--service:#1c589c}\n"


@pytest.mark.parametrize(
    ("colour", "fault"),
    [("#256ef4", None), ("#ffcc00", "commons.E022"), ("red", "commons.E021"), ("#000;}*{x:y", "commons.E021")],
)
def test_a_colour_that_words_cannot_stand_on_is_refused(settings: Settings, colour: str, fault: str | None) -> None:
    settings.SERVICE = {**settings.SERVICE, "colour": colour}
    found = [message.id for message in run_checks() if message.id in {"commons.E021", "commons.E022"}]
    assert found == ([fault] if fault else [])


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == contrast("#ffffff", "#777777") == pytest.approx(4.48, abs=0.01)
    assert is_colour("#FFaa00")
    assert not is_colour("#fff")
