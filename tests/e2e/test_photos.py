"""Photos with an idea: chosen, described, put in order and seen by everybody; by keyboard, and without JavaScript."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Begin, Visit
from tests.e2e.hands import Hands
from tests.e2e.journeys import go_on, submit
from tests.factories.photos import a_photo, from_a_phone

TITLE = "골목 끝에 작은 화단을 만들어요"
TEXT = "쓰레기가 쌓이던 모퉁이입니다. 꽃을 심으면 모두가 아껴 쓸 것 같습니다."
IS_DRAWN = "(image) => image.complete && image.naturalWidth > 0"


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """What somebody has on the phone: a photo taken on its side, one in another format, and a text by mistake."""
    told = {
        "모퉁이.jpg": from_a_phone(),
        "화단.png": a_photo("PNG", width=1200, height=800),
        "메모.jpg": b"not a photo",
    }
    for name, raw in told.items():
        (tmp_path / name).write_bytes(raw)
    return [str(tmp_path / name) for name in told]


def choose(hands: Hands, files: list[str]) -> None:
    """The dialog that lists files belongs to the device, so they are handed over."""
    hands.page.locator("input[type=file]").set_input_files(files)
    hands.press(hands.page.locator("button[value=photos]"))
    expect(rows_on(hands.page).first).to_be_visible()


def rows_on(page: Page) -> Locator:
    return page.locator(".photo-row")


def describe(hands: Hands, number: int, words: str) -> None:
    hands.write(rows_on(hands.page).nth(number).locator("input[name^=alt-]"), words)


def test_an_idea_is_proposed_with_photos(begin: Begin, visit: Visit, files: list[str]) -> None:
    hands = begin("/proposals/new/", account="citizen")
    page = hands.page
    title = f"{TITLE} ({hands.javascript})"
    hands.write(page.locator("input[name=title]"), title)
    hands.write(page.locator("textarea[name=text]"), TEXT)
    choose(hands, files)
    expect(page.locator("#photos [role=alert]")).to_contain_text("메모.jpg")
    expect(rows_on(page)).to_have_count(2)
    expect(page.locator("input[name=title]")).to_have_value(title)
    describe(hands, 0, "쓰레기가 쌓인 모퉁이")
    hands.press(rows_on(page).nth(1).locator("button[value^=photo-earlier]"))
    expect(page).to_have_url(re.compile(r"/what/#photos"))
    hands.press(page.locator("main form.form button[type=submit]:not([name])"))
    expect(page.locator(".field--error input[name^=alt-]")).to_have_count(1)
    describe(hands, 0, "꽃이 핀 이웃 골목의 화단")
    hands.press(page.locator("main form.form button[type=submit]:not([name])"))
    hands.choose(page.locator("#place-none"))
    go_on(hands)
    expect(page.locator(".preview .photos img")).to_have_count(2)
    submit(hands, title)
    reader = visit(page.url, width=390)
    pictures = reader.locator("section[aria-labelledby=photos] img")
    expect(pictures).to_have_count(2)
    assert [picture.get_attribute("alt") for picture in pictures.all()] == [
        "꽃이 핀 이웃 골목의 화단",
        "쓰레기가 쌓인 모퉁이",
    ]
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate(IS_DRAWN)


def test_enter_in_the_title_goes_on_and_removes_no_photo(visit: Visit, files: list[str]) -> None:
    page = visit("/proposals/new/", account="citizen")
    page.locator("input[name=title]").fill("엔터로 넘어가는 제안입니다")
    page.locator("textarea[name=text]").fill(TEXT)
    page.locator("input[type=file]").set_input_files(files[:1])
    page.locator("button[value=photos]").click()
    page.locator("input[name^=alt-]").fill("쓰레기가 쌓인 모퉁이")
    page.locator("input[name=title]").press("Enter")
    expect(page).to_have_url(re.compile("/where/"))
    page.go_back()
    expect(rows_on(page)).to_have_count(1)
