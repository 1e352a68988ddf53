"""Talking about an idea: by keyboard alone, without JavaScript, with a view of the city, heard by others at once."""

import re
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Begin, Visit

FORM = "#comments form[data-comment-form]:not([data-answers])"


def words() -> str:
    """Something nobody has said before."""
    return f"저녁에 걸어 보니 생각보다 어둡습니다. {uuid4().hex[:8]}"


def comment_on(page: Page, text: str) -> str:
    """The id of the comment that says `text`."""
    found = page.locator(".comment", has_text=text).first.get_attribute("data-comment")
    assert found
    return found


def test_a_comment_with_a_place_is_written_answered_changed_and_withdrawn(
    begin: Begin, subjects: dict[str, str]
) -> None:
    hands = begin(f"/proposals/{subjects['discussed']}/", account="citizen2")
    page, said, reply = hands.page, words(), words()
    hands.write(page.locator(f"{FORM} textarea"), said)
    hands.press(page.locator(f"{FORM} summary"))
    hands.write(page.locator(f"{FORM} input[name=scene]"), "가온초등학교")
    hands.press(page.locator(f"{FORM} button[type=submit]"))
    mine = page.locator(".comment", has_text=said)
    expect(mine).to_be_visible()
    expect(mine.locator(".comment__scene")).to_contain_text("가온초등학교")

    page.reload()
    pk = comment_on(page, said)
    hands.press(page.locator(f"[data-comment='{pk}'] a[href$='/edit/']"))
    hands.write(page.locator("textarea[name=text]"), f"{said} (덧붙임)")
    hands.press(page.locator("main form.form button[type=submit]"))
    expect(page.locator(f"[data-comment='{pk}']")).to_contain_text("덧붙임")
    expect(page.locator(f"[data-comment='{pk}']")).to_contain_text("수정됨")

    hands.write(page.locator("#write textarea"), reply)
    hands.press(page.locator("#write button[type=submit]"))
    expect(page.locator(".thread__replies")).to_contain_text(reply)

    hands.press(page.locator(f"[data-comment='{pk}'] a[href$='/withdraw/']"))
    hands.tick(page.locator("input[name=sure]"))
    hands.press(page.locator("main form.form button[type=submit]"))
    expect(page.locator("#comments")).not_to_contain_text("덧붙임")
    expect(page.locator(f"[data-comment='{pk}']")).to_contain_text("글쓴이가 거둔 의견입니다")


def test_whoever_is_not_signed_in_is_led_to_it_and_a_comment_can_be_reported(
    begin: Begin, subjects: dict[str, str]
) -> None:
    hands = begin(f"/proposals/{subjects['discussed']}/comments/{subjects['comment']}/")
    page = hands.page
    expect(page.locator("#write a.button")).to_have_attribute("href", re.compile("/accounts/login/"))
    hands.press(page.locator(".comment a[href^='/report/comment/']").first)
    expect(page).to_have_url(re.compile("/report/comment/|/accounts/login/"))


def test_a_comment_reaches_who_reads_and_does_not_move_or_lose_what_they_do(
    visit: Visit, subjects: dict[str, str]
) -> None:
    address = f"/proposals/{subjects['discussed']}/"
    reader, writer = visit(address, account="citizen"), visit(address, account="citizen2")
    said = words()
    reader.locator("[data-comments-list] [data-reply]").first.click()
    unsent = reader.locator("form[data-answers] textarea")
    unsent.fill("쓰다 만 답글")
    top = unsent.bounding_box()
    writer.locator(f"{FORM} textarea").fill(said)
    writer.locator(f"{FORM} button[type=submit]").click()
    expect(writer.locator("[data-comments-list]")).to_contain_text(said)
    offer = reader.locator("[data-comments-new] button")
    expect(offer).to_have_text("새 의견 1개 보기")
    expect(reader.locator("[data-comments-list]")).not_to_contain_text(said)
    assert unsent.bounding_box() == top
    assert unsent.evaluate("(field) => field === document.activeElement")
    offer.click()
    expect(reader.locator("[data-comments-list]")).to_contain_text(said)
    expect(reader.locator("form[data-answers] textarea")).to_have_value("쓰다 만 답글")


def test_an_ideas_card_in_the_city_takes_a_comment_with_the_view(visit: Visit, subjects: dict[str, str]) -> None:
    page = visit(f"/city/?idea={subjects['discussed']}&quality=low", account="citizen2", width=800, height=500)
    talk, said = page.locator(".city-talk"), words()
    expect(talk.locator("textarea")).to_be_visible(timeout=60_000)
    talk.locator("textarea").fill(said)
    talk.get_by_label("지금 보는 장면 붙이기").check()
    talk.locator("button[type=submit]").click()
    expect(talk.locator("li").first).to_contain_text(said)
    expect(talk.locator("textarea")).to_have_value("")
    answer = page.request.get(f"/api/v1/proposals/{subjects['discussed']}/comments/?size=1").json()["results"][0]
    assert answer["text"] == said
    assert answer["scene"]["city_url"].startswith("/city/#lon=")
