"""From a city file to a published city: by keyboard alone, and without JavaScript."""

import json
import re
import time
import uuid

from playwright.sync_api import expect

from tests.e2e.conftest import Begin
from tests.e2e.hands import Hands
from tests.factories.mirror import a_small_city

PATIENCE_S = 90


def a_faulty_city() -> bytes:
    """A few buildings; one of them stands open."""
    city = a_small_city()
    barn = city.box(200, 0)
    barn["boundaries"][0].pop()
    del barn["semantics"]
    return json.dumps(city.add("barn", "Building", barn).document(), ensure_ascii=False).encode()


def until_read(hands: Hands) -> None:
    """The page tells by itself that the file is read; without JavaScript, when it is asked again."""
    link = hands.page.locator("main .alert--success a")
    deadline = time.monotonic() + PATIENCE_S
    while not hands.javascript and not link.count():
        assert time.monotonic() < deadline, hands.page.locator("main").inner_text()
        hands.page.reload()
    expect(link).to_be_visible(timeout=PATIENCE_S * 1000)
    hands.press(link)


def test_a_city_is_handed_in_looked_at_and_published(begin: Begin) -> None:
    slug = f"town-{uuid.uuid4().hex[:6]}"
    hands = begin("/office/cities/", account="operator")
    hands.press(hands.page.locator("main a[href$='/deliveries/new/']"))
    file = {"name": "town.city.json", "mimeType": "application/json", "buffer": a_faulty_city()}
    hands.page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    hands.write(hands.page.locator("input[name=name]"), "새마을")
    hands.write(hands.page.locator("input[name=slug]"), slug)
    hands.press(hands.page.locator("main form.form button[type=submit]"))
    until_read(hands)
    expect(hands.page).to_have_url(re.compile(f"/office/cities/{slug}/imports/"))
    expect(hands.page.locator("main")).to_contain_text("건물 4동입니다. 1개는 입체가 닫혀 있지 않습니다.")
    expect(hands.page.locator(".fault-map__picture")).to_be_visible()

    guest = begin("/")
    assert guest.page.request.get(f"/c/{slug}/city/").status == 404
    hands.press(hands.page.locator("main form[action$='/publish/'] button"))
    expect(hands.page.locator(".messages")).to_contain_text("1번째 공개본")
    assert guest.page.request.get(f"/c/{slug}/city/").status == 200
