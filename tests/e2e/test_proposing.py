"""Proposing in three screens: by keyboard alone, and without JavaScript. Nothing that was typed is lost."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import Begin
from tests.e2e.hands import Hands
from tests.e2e.journeys import Newcomer, confirm_identity, go_on, join, say_what, sign_in, submit
from tests.e2e.site import Site

TEXT = "장을 보고 오는 길에 잠시 쉴 곳이 없습니다. 어르신과 아이가 함께 앉을 수 있으면 좋겠습니다."


@pytest.fixture(scope="session")
def school(browser: Browser, site: Site) -> dict[str, Any]:
    """A building of the sample district with a name and an address."""
    context = browser.new_context(base_url=site.url)
    found = context.request.get("/api/v1/cities/gaon/search/?q=북문초등학교").json()["results"]
    card: dict[str, Any] = next(thing for thing in found if thing["kind"] == "building")
    context.close()
    return card


def find_place(hands: Hands, words: str, place: str) -> None:
    page = hands.page
    hands.write(page.locator("input[name=q]"), words)
    hands.press(page.locator("button[value=search]"))
    expect(page).to_have_url(re.compile(r"\?q="))
    hands.choose(page.locator(f"input[name=choice][value^='object|{place}']"))


def by_name(hands: Hands, school: dict[str, Any]) -> str:
    find_place(hands, school["name"], school["id"])
    return str(school["name"])


def by_address(hands: Hands, school: dict[str, Any]) -> str:
    find_place(hands, school["place"], school["id"])
    return str(school["name"])


def by_list(hands: Hands, school: dict[str, Any]) -> str:
    """One of the well-known places that are there without a search."""
    option = hands.page.locator("#found input[name=choice]").nth(1)
    name = hands.page.locator(f"label[for='{option.get_attribute('id')}']").inner_text()
    hands.choose(option)
    return name.strip()


def by_coordinates(hands: Hands, school: dict[str, Any]) -> str:
    page = hands.page
    hands.press(page.locator("details:has(#place-coordinates) > summary"))
    hands.choose(page.locator("#place-coordinates"))
    hands.write(page.locator("input[name=lat]"), f"{school['lat']:.6f}")
    hands.write(page.locator("input[name=lon]"), f"{school['lon']:.6f}")
    return str(school["name"])


def nowhere(hands: Hands, school: dict[str, Any]) -> str:
    hands.choose(hands.page.locator("#place-none"))
    return ""


@pytest.mark.parametrize("choose_place", [by_name, by_address, by_list, by_coordinates, nowhere])
def test_an_idea_is_proposed_in_three_screens(begin: Begin, school: dict[str, Any], choose_place: Any) -> None:
    hands = begin("/proposals/", account="citizen")
    title = f"쉬어 갈 의자가 있으면 좋겠어요 ({choose_place.__name__}, {hands.javascript})"
    hands.press(hands.page.locator("main a[href='/proposals/new/']"))
    say_what(hands, title, TEXT)
    place = choose_place(hands, school)
    go_on(hands)
    expect(hands.page.locator(".preview")).to_contain_text(place)
    submit(hands, title)
    shown = hands.page.locator("main .place-picture")
    if place:
        expect(shown).to_contain_text(place)
    else:
        expect(shown).to_have_count(0)


def test_the_place_of_a_page_is_carried_over(begin: Begin, subjects: dict[str, str]) -> None:
    hands = begin(f"/places/{subjects['place']}/", account="citizen")
    place = hands.page.locator("h1").inner_text()
    hands.press(hands.page.locator("main a[href^='/proposals/new/']").first)
    say_what(hands, f"여기에 나무를 심어요 ({hands.javascript})", TEXT)
    expect(hands.page.locator("input[name=choice]:checked + label")).to_contain_text(place)
    go_on(hands)
    expect(hands.page.locator(".preview")).to_contain_text(place)


def test_similar_ideas_are_shown_and_the_text_stays(begin: Begin) -> None:
    hands = begin("/proposals/new/", account="citizen")
    page = hands.page
    title = "버스 정류장에 그늘막을 놓아 주세요"
    hands.write(page.locator("input[name=title]"), title)
    hands.write(page.locator("textarea[name=text]"), TEXT)
    hands.press(page.locator("button[value=similar]"))
    expect(page.locator("#advice a[href^='/proposals/']").first).to_contain_text("그늘막")
    expect(page.locator("input[name=title]")).to_have_value(title)
    expect(page.locator("textarea[name=text]")).to_have_value(TEXT)


def test_a_newcomer_confirms_who_they_are_and_submits_what_they_wrote_before(begin: Begin) -> None:
    hands = begin("/proposals/new/")
    page = hands.page
    title = f"처음 쓰는 제안입니다 ({hands.javascript})"
    say_what(hands, title, TEXT)
    nowhere(hands, {})
    go_on(hands)
    hands.press(page.locator("section[aria-labelledby=obstacle] a.button"))
    hands.press(page.locator("main a[href^='/accounts/identity/']"))
    confirm_identity(hands, Newcomer("정다온" if hands.javascript else "정가람", "19951103", "010-3456-7890"))
    join(hands)
    expect(page).to_have_url(re.compile("/check/"))
    submit(hands, title)


def test_a_draft_outlives_mistakes_and_signing_in(begin: Begin) -> None:
    hands = begin("/proposals/new/")
    page = hands.page
    title = f"잃어버리면 안 되는 글 ({hands.javascript})"
    hands.write(page.locator("input[name=title]"), title)
    hands.press(page.locator("main form.form button[type=submit]:not([name])"))
    expect(page.locator(".field--error textarea[name=text]")).to_have_count(1)
    expect(page.locator("input[name=title]")).to_have_value(title)
    say_what(hands, title, TEXT)
    hands.press(page.locator("details:has(#place-coordinates) > summary"))
    hands.choose(page.locator("#place-coordinates"))
    hands.write(page.locator("input[name=lat]"), "37.4x")
    hands.press(page.locator("main button[value=next]"))
    expect(page.locator("main [role=alert]").first).to_be_visible()
    expect(page.locator("input[name=lat]")).to_have_value("37.4x")
    nowhere(hands, {})
    go_on(hands)
    hands.press(page.locator("section[aria-labelledby=obstacle] a.button"))
    sign_in(hands, "citizen2")
    expect(page).to_have_url(re.compile("/check/"))
    expect(page.locator(".preview")).to_contain_text(title)
    page.goto("/proposals/drafts/")
    expect(page.locator("main")).to_contain_text(title)
