"""Voting: by keyboard alone and without JavaScript, up to the receipt; and an official who makes a vote."""

import datetime as dt
import re

from playwright.sync_api import expect

from tests.e2e.conftest import Begin, Visit
from tests.e2e.hands import Hands

# Each way of operating the page needs a person who has not voted yet.
VOTERS = {True: "citizen", False: "citizen2"}


def cast(hands: Hands, choice: str) -> str:
    """From the ballot to the receipt; its number."""
    page = hands.page
    hands.choose(page.locator(f"input[name=choice][value={choice}]"))
    hands.press(page.locator("button[name=step][value=check]"))
    expect(page.locator("h1")).to_have_text("이 답이 맞나요?")
    hands.press(page.locator("button[name=step][value=cast]"))
    expect(page.locator("h1")).to_have_text("투표했습니다. 고맙습니다.")
    return page.locator(".receipt-code").inner_text()


def test_a_ballot_is_cast_and_found_by_its_receipt(begin: Begin, subjects: dict[str, str]) -> None:
    address = f"/votes/{subjects['open_vote']}/"
    javascript = begin("/votes/").javascript
    hands = begin(address, account=VOTERS[javascript], width=390)
    page = hands.page
    hands.press(page.locator(f"a[href$='{address}ballot/']"))
    receipt = cast(hands, "abstain")
    assert re.fullmatch(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){3}", receipt)
    hands.press(page.locator(f"main .buttons a[href$='{address}']"))
    expect(page.locator("#standing ~ p").first).to_contain_text("투표했습니다")
    search = begin(f"{address}receipt/")
    search.write(search.page.locator("input[name=receipt]"), receipt.lower())
    search.press(search.page.locator("main form.form button[type=submit]"))
    expect(search.page.locator("main .alert--success")).to_contain_text("내 투표지가 기록되어 있습니다")


def test_the_picture_of_a_receipt_fills_in_the_number_and_leaves_no_trace_in_the_address(
    visit: Visit, subjects: dict[str, str]
) -> None:
    page = visit(f"/votes/{subjects['past_vote']}/receipt/#ABCD-EFGH-JKMN-PQRS")
    expect(page.locator("input[name=receipt]")).to_have_value("ABCD-EFGH-JKMN-PQRS")
    assert "#" not in page.url


def test_an_official_makes_checks_and_announces_a_vote(begin: Begin, subjects: dict[str, str]) -> None:
    hands = begin(f"/office/votes/new/?proposal={subjects['placeless_idea']}", account="official")
    page = hands.page
    hands.write(page.locator("input[name=question]"), "동네 소식을 한 달에 한 번 우편으로 보낼까요?")
    hands.write(page.locator("textarea[name=meaning]"), "찬성이 많으면 내년 1월부터 보냅니다.")
    day = dt.date.today() + dt.timedelta(days=20)  # noqa: DTZ011 — far enough in any time zone
    for name, later in (("opens_at", 0), ("closes_at", 7)):
        page.locator(f"input[name={name}]").fill(f"{day + dt.timedelta(days=later)}T09:00")
    hands.press(page.locator("main form.form button[type=submit]"))
    expect(page.locator("h1")).to_have_text("동네 소식을 한 달에 한 번 우편으로 보낼까요?")
    hands.press(page.locator("form[action$='/check/'] button"))
    expect(page.locator("main")).to_contain_text("독립 검산 프로그램이 투표지 목록에 이상이 없다고 확인했습니다.")
    hands.press(page.locator("form[action$='/announce/'] button"))
    expect(page.locator("main")).to_contain_text("이때부터 규칙이 바뀌지 않습니다")


def test_an_idea_on_the_map_leads_to_its_ballot(visit: Visit, subjects: dict[str, str]) -> None:
    vote = visit("about:blank").context.request.get(f"/api/v1/votes/{subjects['open_vote']}/").json()
    page = visit(f"/map/?idea={vote['proposal']}")
    expect(page.locator(f"[data-map-card] a[href$='{vote['ballot_url']}']")).to_be_visible(timeout=90_000)
