"""A meeting: speaking and voting by keyboard alone and without JavaScript; from opening to minutes among several."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Begin, Visit
from tests.e2e.journeys import sign_in

QUESTION = "물가까지 내려가는 계단에 찬성하십니까?"


def test_one_speaks_writes_and_votes(begin: Begin, subjects: dict[str, str]) -> None:
    hands = begin(f"/meetings/{subjects['meeting']}/")
    page = hands.page
    hands.press(page.locator("#vote a.button"))
    sign_in(hands, "citizen" if hands.javascript else "citizen2")
    expect(page).to_have_url(re.compile(subjects["meeting"]))

    hands.press(page.locator("#vote button[value=yes]"))
    expect(page.locator("#vote")).to_contain_text("투표하셨습니다")
    expect(page.locator("#vote button[value=yes]")).to_have_count(0)

    hands.press(page.locator("#floor button[value=ordinary]"))
    expect(page.locator("#floor .alert")).to_contain_text("내 발언 순서는")
    hands.press(page.locator("#floor form[action$='/withdraw/'] button"))
    expect(page.locator("#floor button[value=ordinary]")).to_be_visible()

    said = f"잘 보고 있습니다 {hands.javascript}"
    hands.write(page.locator("#chat input[name=text]"), said)
    hands.press(page.locator("#chat form button[type=submit]"))
    expect(page.locator("[data-chat]")).to_contain_text(said)
    expect(page.locator("#chat input[name=text]")).to_have_value("")


def test_a_message_and_a_pause_reach_whoever_watches(visit: Visit, subjects: dict[str, str]) -> None:
    address = f"/meetings/{subjects['meeting']}/"
    watcher, chair = visit(address), visit(address, account="official")
    watcher.evaluate("() => { window.stillTheSamePage = true; }")
    chair.locator("#chat input[name=text]").fill("<b>모두 들리십니까?</b>")
    chair.locator("#chat form button[type=submit]").click()
    expect(watcher.locator("[data-chat]")).to_contain_text("<b>모두 들리십니까?</b>")
    lead(chair, "close_list")
    expect(watcher.locator("#floor")).to_contain_text("신청 마감")
    lead(chair, "open_list")
    expect(watcher.locator("#floor")).not_to_contain_text("신청 마감")
    assert watcher.evaluate("() => window.stillTheSamePage")


def lead(page: Page, act: str) -> None:
    page.locator(f"#lead button[value={act}]").click()
    expect(page.locator(f"#lead button[value={act}]")).to_have_count(0)


def test_a_meeting_from_its_opening_to_its_minutes(visit: Visit) -> None:
    listed = visit("/meetings/")
    address = str(listed.get_by_role("link", name="가온천 둔치 첫 설명회").get_attribute("href"))
    chair, citizen, watcher = visit(address, account="official"), visit(address, account="citizen"), visit(address)
    lead(chair, "open")
    expect(watcher.locator(".stage")).to_contain_text("지금까지 모인 제안")
    citizen.locator("#floor button[value=ordinary]").click()
    chair.locator("#floor form:has([value=give_floor]) button").click()
    expect(watcher.locator(".stage__clock")).to_be_visible()
    expect(citizen.locator("form[action$='/finish/'] button")).to_be_visible()
    lead(chair, "end_speech")
    lead_on(chair)
    expect(watcher.locator(".stage")).to_contain_text("물가로 내려가는 계단")
    chair.locator("#lead input[name=question]").fill(QUESTION)
    chair.locator("#lead form:has(input[name=question]) button").click()
    citizen.locator("#vote button[value=yes]").click()
    expect(citizen.locator("#vote")).to_contain_text("투표하셨습니다")
    lead(chair, "stop_poll")
    expect(watcher.locator(".poll-result").first).to_contain_text("1")
    chair.locator("#lead summary", has_text="회의 마치기").click()
    chair.locator("#lead button[value=close]").click()
    expect(watcher.locator(".seat__head")).to_contain_text("회의가 끝났습니다")

    clerk = visit(f"{address}minutes/", account="clerk")
    expect(clerk.locator(".minutes")).to_contain_text(f"투표 “{QUESTION}”: 찬성 1")
    clerk.locator("form[action$='/hand-in/'] button").click()
    chair.goto("/office/")
    chair.get_by_role("link", name="가온천 둔치 첫 설명회").first.click()
    chair.locator("form[action$='/approve/'] button").click()
    watcher.goto(f"{address}minutes/")
    expect(watcher.locator(".minutes__hash code")).to_have_text(re.compile("[0-9a-f]{64}"))


def lead_on(page: Page) -> None:
    """To the next item, whose number then stands on the stage."""
    before = page.locator(".stage__number").inner_text()
    page.locator("#lead button[value=next_item]").click()
    expect(page.locator(".stage__number")).not_to_have_text(before)
