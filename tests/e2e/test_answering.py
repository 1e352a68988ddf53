"""An idea's way through the office: begun, answered by one, approved by another, and read by everybody."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Begin, Visit
from tests.e2e.hands import Hands

ANSWER = "제안하신 자리를 살펴보았습니다. 내년 봄에 고치고 결과를 여기에 알려 드리겠습니다."


def first_to_check(page: Page) -> str:
    """The address of a proposal that nobody in the office has looked at yet."""
    page.goto("/office/proposals/?waits=to_check&q=시장")
    return str(page.locator("main table tbody a").first.get_attribute("href"))


def open_act(hands: Hands, name: str) -> None:
    hands.press(hands.page.locator(f"#act-{name} > summary"))


def begin_review(hands: Hands) -> None:
    page = hands.page
    open_act(hands, "review")
    hands.select_next(page.locator("#review-department"))
    hands.press(page.locator("#act-review button[type=submit]"))
    expect(page.locator("main .badge").first).to_have_text("검토 중")


def hand_in(hands: Hands) -> None:
    page = hands.page
    hands.choose(page.locator("#answer input[name=decision][value=partly]"))
    hands.write(page.locator("#answer textarea[name=text]"), ANSWER)
    hands.write(page.locator("#answer textarea[name=next_steps]"), "3월까지 설계를 마칩니다.")
    hands.press(page.locator("#answer form[action$='/hand-in/'] button[type=submit]:not([formaction])"))
    expect(page.locator("#answer")).to_contain_text("결재 대기")


def test_a_proposal_is_looked_at_answered_approved_and_read(begin: Begin, visit: Visit) -> None:
    address = first_to_check(visit("/office/", account="official"))
    official = begin(address, account="official")
    begin_review(official)
    hand_in(official)
    expect(official.page.locator("#answer form[action$='/approve/']")).to_have_count(0)

    approver = begin("/office/", account="approver")
    approver.press(approver.page.locator(f"a[href='{address}#answer']"))
    approver.press(approver.page.locator("#answer form[action$='/approve/'] button"))
    expect(approver.page.locator("main .badge").first).to_have_text("일부채택")

    reader = visit(address.replace("/office", ""))
    expect(reader.locator("#answer")).to_contain_text(ANSWER)
    expect(reader.locator("#answer")).to_contain_text("팀장 결재")
    expect(reader.locator(".timeline")).to_contain_text("답변했습니다: 일부채택")


def test_what_is_refused_stays_typed_and_the_history_is_there(begin: Begin, visit: Visit) -> None:
    address = first_to_check(visit("/office/", account="official"))
    hands = begin(address, account="official")
    page = hands.page
    open_act(hands, "return")
    hands.write(page.locator("#act-return textarea[name=words]"), "왜 그런지 여기에 씁니다.")
    hands.press(page.locator("#act-return button[type=submit]"))
    expect(page.locator("main [role=alert]")).to_be_visible()
    expect(page.locator("#act-return textarea[name=words]")).to_have_value("왜 그런지 여기에 씁니다.")
    expect(page).to_have_url(re.compile("/return/"))


def test_whoever_waits_reads_until_when_and_by_which_rule(begin: Begin, subjects: dict[str, str]) -> None:
    hands = begin(f"/proposals/{subjects['clocked_idea']}/")
    hands.press(hands.page.locator(".clock-box a"))
    expect(hands.page).to_have_url(re.compile("/rules/deadlines/"))
    expect(hands.page.locator("main")).to_contain_text("그다음 근무일이 첫째 날입니다.")
