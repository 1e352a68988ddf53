"""From a report to a second look: by keyboard alone, and without JavaScript."""

import re
import uuid

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Begin
from tests.e2e.journeys import sign_in

REASON = "특정 가게를 알리는 글로 보여 가렸습니다."
OBJECTION = "가게를 알리는 글이 아니라 동네 음악회 안내입니다."
ANSWER = "다시 읽어 보니 동네 행사를 알리는 글이 맞습니다."
SUBMIT = "main form.form button[type=submit]"


def an_idea_of(page: Page, title: str) -> str:
    """Submitted by whoever visits with `page`, as a program would."""
    page.goto("/proposals/new/")
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")
    told = {"key": str(uuid.uuid4()), "process": "any-time", "title": title, "text": "마당에서 함께 듣는 음악회입니다."}
    answer = page.request.post("/api/v1/proposals/", data=told, headers={"X-CSRFToken": token, "Referer": page.url})
    assert answer.status == 201, answer.text()
    return str(answer.json()["id"])


def test_an_idea_is_reported_hidden_objected_to_and_shown_again(begin: Begin) -> None:
    author = begin("/me/", account="citizen2")
    title = f"골목 음악회를 열어 주세요 {uuid.uuid4().hex[:6]}"
    idea = f"/proposals/{an_idea_of(author.page, title)}/"

    # A guest is told how to report, signs in, and is back at the form.
    reporter = begin(idea)
    reporter.press(reporter.page.locator(".report-link"))
    reporter.press(reporter.page.locator("main a[href*='/accounts/login/']"))
    sign_in(reporter, "citizen")
    reporter.choose(reporter.page.locator("input[name=reason][value=advertising]"))
    reporter.press(reporter.page.locator(SUBMIT))
    expect(reporter.page).to_have_url(re.compile(f"{idea}$"))

    # A moderator hides it, and others do not find it any more.
    moderator = begin("/office/moderation/", account="moderator")
    moderator.press(moderator.page.get_by_role("link", name=title))
    moderator.choose(moderator.page.locator("input[name=outcome][value=hide]"))
    moderator.write(moderator.page.locator("textarea[name=words]"), REASON)
    moderator.press(moderator.page.locator(SUBMIT))
    expect(moderator.page).to_have_url(re.compile("/office/moderation/$"))
    assert reporter.page.request.get(idea).status == 404

    # The author is told why, still reads it, and objects.
    author.page.goto("/me/notices/")
    author.press(author.page.locator("main .rows a").first)
    expect(author.page.locator("main")).to_contain_text(REASON)
    expect(author.page.locator("main")).to_contain_text(title)
    author.write(author.page.locator("textarea[name=words]"), OBJECTION)
    author.press(author.page.locator(SUBMIT))
    expect(author.page.locator("main")).to_contain_text(OBJECTION)

    # Somebody else looks at it again.
    second = begin("/office/moderation/appeals/", account="moderator2")
    second.press(second.page.get_by_role("link", name=title))
    expect(second.page.locator("main")).to_contain_text(OBJECTION)
    second.choose(second.page.locator("input[name=verdict][value=granted]"))
    second.write(second.page.locator("textarea[name=words]"), ANSWER)
    second.press(second.page.locator(SUBMIT))
    expect(second.page).to_have_url(re.compile("/office/moderation/appeals/$"))
    assert reporter.page.request.get(idea).status == 200
    author.page.reload()
    expect(author.page.locator("main")).to_contain_text(ANSWER)
