"""Photos of proposals: added on the first screen, described, carried into versions, and seen by whom they may be."""

import datetime as dt
import json
import threading
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from metacity.accounts.data import export_all
from metacity.accounts.models import User
from metacity.accounts.services.erasure import erase_account
from metacity.commons import clocks, photos
from metacity.commons.errors import CityError
from metacity.commons.models import LedgerEntry
from metacity.commons.photos import Stored
from participation.proposals.content import ShownPhoto, checked
from participation.proposals.errors import InvalidContent, NothingChanged, TooManyPhotoBytes
from participation.proposals.models import Draft, Photo, Proposal
from participation.proposals.models.photos import MOST_PHOTOS
from participation.proposals.services import begin_draft, revise_proposal, withdraw_proposal
from participation.proposals.services import photos as services
from participation.proposals.services.drafts import Holder, forget_drafts
from participation.proposals.tasks import forget
from participation.proposals.views.photos import PHOTOS_AN_HOUR
from tests.factories.accounts import PASSWORD, signed_in
from tests.factories.photos import a_file, a_photo, from_a_phone
from tests.factories.processes import a_person, a_process
from tests.factories.proposals import a_content, a_proposal

pytestmark = pytest.mark.django_db

WHAT = {
    "wish": "proposal",
    "title": "골목에 긴 의자를 놓아 주세요",
    "text": "장을 보고 오는 길에 잠시 쉴 곳이 없습니다.",
}
ALT = "담장 아래 빈자리가 있는 골목"
API = "/api/v1/proposals/"
SECOND = dt.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture(autouse=True)
def a_fresh_count() -> None:
    cache.clear()


def an_upload(seed: int = 0, raw: bytes | None = None, name: str = "골목.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, raw if raw is not None else a_photo(seed=seed), "image/jpeg")


def begin(client: Client, *files: SimpleUploadedFile, **fields: str) -> Draft:
    """The first screen with files to add, and the draft it left."""
    told = {**WHAT, "action": "photos", **fields, **({"photos": files} if files else {})}
    answer = client.post(reverse("proposals:new"), told)
    assert answer.status_code == 303, answer.content.decode()
    return Draft.objects.latest("created_at")


def at(draft: Draft, screen: str) -> str:
    return reverse(f"proposals:draft_{screen}", args=[draft.id])


def what(client: Client, draft: Draft, **fields: Any) -> Any:
    """The first screen sent once more."""
    return client.post(at(draft, "what"), {**WHAT, **fields})


def alts_of(draft: Draft, *alts: str) -> dict[str, str]:
    return {f"alt-{photo.pk}": alt for photo, alt in zip(draft.photos.all(), alts, strict=True)}


def described(draft: Draft, *alts: str) -> Draft:
    services.describe_photos(draft=draft, alts=dict(zip(draft.photos.values_list("pk", flat=True), alts, strict=True)))
    return draft


def submitted(client: Client, *seeds: int) -> Proposal:
    """A proposal with a photo for each seed, each described by it."""
    draft = begin(client, *(an_upload(seed) for seed in seeds))
    described(draft, *(f"사진 {seed}" for seed in seeds))
    assert client.post(at(draft, "check"), {"public": "on"}).status_code == 303
    return Proposal.objects.latest("submitted_at")


def a_shown_photo(seed: int = 0, alt: str = ALT) -> ShownPhoto:
    return ShownPhoto(photos.keep(a_file(seed=seed)), alt)


def address(of: Proposal | Draft, photo: Photo, size: str = "small") -> str:
    name = "proposals:photo" if isinstance(of, Proposal) else "proposals:draft_photo"
    return reverse(name, args=[of.pk, photo.pk, size])


def seeds_shown(proposal: Proposal) -> list[str]:
    return list(proposal.versions.order_by("-number")[0].photos.values_list("alt", flat=True))


# --- On the first screen ---


def test_photos_are_added_described_and_submitted_without_javascript() -> None:
    process, client = a_process(), signed_in(a_person())
    draft = begin(client, an_upload(1), an_upload(2), process=process.slug)
    assert draft.photos.count() == 2
    page = client.get(at(draft, "what")).content.decode()
    assert all(f'name="alt-{photo.pk}"' in page for photo in draft.photos.all())
    answer = what(client, draft, process=process.slug, **alts_of(draft, ALT, "낡은 의자"))
    assert answer["Location"] == at(draft, "where")
    page = client.get(at(draft, "check")).content.decode()
    assert f'alt="{ALT}"' in page
    client.post(at(draft, "check"), {"public": "on"})
    proposal = Proposal.objects.get()
    assert [(photo.position, photo.alt) for photo in proposal.content.photos.all()] == [(0, ALT), (1, "낡은 의자")]
    assert f'alt="{ALT}"' in Client().get(proposal.get_absolute_url()).content.decode()
    assert not Photo.objects.exclude(version=proposal.content).exists()


def test_photos_alone_begin_a_draft_for_somebody_who_has_not_signed_in() -> None:
    a_process()
    client = Client()
    draft = begin(client, an_upload(), title="", text="")
    assert (draft.owner, draft.photos.count()) == (None, 1)


def test_photos_chosen_and_going_on_are_kept_and_asked_to_be_described() -> None:
    process, client = a_process(), signed_in(a_person())
    answer = client.post(reverse("proposals:new"), {**WHAT, "process": process.slug, "photos": [an_upload()]})
    draft = Draft.objects.get()
    assert answer.status_code == 400
    assert draft.photos.count() == 1
    assert "이 사진이 무엇을 보여 주는지" in answer.content.decode()
    assert WHAT["title"] in answer.content.decode()


def test_an_undescribed_photo_keeps_a_draft_from_being_submitted() -> None:
    process, client = a_process(), signed_in(a_person())
    draft = begin(client, an_upload(), process=process.slug)
    assert client.get(at(draft, "check"))["Location"] == at(draft, "what")
    assert client.post(at(draft, "check"), {"public": "on"})["Location"] == at(draft, "what")
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    ("alt", "words"), [("", "짧게 써"), (" ", "채워 주세요"), ("가", "2자 이상"), ("가" * 201, "201자")]
)
def test_a_description_that_does_not_fit_is_kept_and_named(alt: str, words: str) -> None:
    process, client = a_process(), signed_in(a_person())
    draft = begin(client, an_upload(), process=process.slug)
    answer = what(client, draft, **alts_of(draft, alt))
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert draft.photos.get().alt == alt


def test_numbers_of_persons_in_a_description_are_masked() -> None:
    process, client = a_process(), signed_in(a_person())
    draft = described(begin(client, an_upload(), process=process.slug), "전화 010-1234-5678 현수막")
    client.post(at(draft, "check"), {"public": "on"})
    assert Photo.objects.get().alt == "전화 010-●●●●-●●●● 현수막"


def test_photos_are_put_in_another_order_and_removed_and_nothing_typed_is_lost() -> None:
    process, client = a_process(), signed_in(a_person())
    draft = begin(client, *(an_upload(seed) for seed in (1, 2, 3)), process=process.slug)
    first, second, third = draft.photos.all()
    told = alts_of(draft, "하나", "둘", "셋")
    answer = what(client, draft, **told, title="새로 고쳐 쓴 제목입니다", action=f"photo-later-{first.pk}")
    assert answer["Location"] == f"{at(draft, 'what')}#photos"
    draft.refresh_from_db()
    assert draft.title == "새로 고쳐 쓴 제목입니다"
    assert [photo.alt for photo in draft.photos.all()] == ["둘", "하나", "셋"]
    what(client, draft, action=f"photo-earlier-{third.pk}")
    what(client, draft, action=f"photo-earlier-{second.pk}")
    what(client, draft, action=f"photo-remove-{first.pk}")
    assert list(draft.photos.all()) == [second, third]


def test_the_sixth_photo_is_refused_and_five_stay() -> None:
    process, client = a_process(), signed_in(a_person())
    draft = begin(client, *(an_upload(seed) for seed in range(MOST_PHOTOS)), process=process.slug)
    answer = what(client, draft, action="photos", photos=[an_upload(77, name="여섯째.jpg")])
    assert answer.status_code == 400
    assert "여섯째.jpg" in answer.content.decode()
    assert draft.photos.count() == MOST_PHOTOS


def test_the_same_photo_again_is_there_once() -> None:
    client = signed_in(a_person())
    a_process()
    draft = begin(client, an_upload(1), an_upload(1))
    assert what(client, draft, action="photos", photos=[an_upload(1)]).status_code == 303
    assert draft.photos.count() == 1


def test_of_several_files_the_good_ones_are_added_and_the_others_named() -> None:
    client = signed_in(a_person())
    a_process()
    files = [an_upload(1), an_upload(raw=b"<script>alert(1)</script>", name='<img src=x onerror="1">.jpg')]
    answer = client.post(reverse("proposals:new"), {**WHAT, "action": "photos", "photos": files})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "JPEG, PNG, WebP 형식" in page
    assert "<img src=x" not in page
    assert Draft.objects.get().photos.count() == 1


def test_whoever_sends_photos_without_end_has_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("participation.proposals.views.photos.PHOTOS_AN_HOUR", 1)
    a_process()
    client = Client()
    draft = begin(client, an_upload(1))
    answer = what(client, draft, action="photos", photos=[an_upload(2)])
    assert answer.status_code == 400
    assert draft.photos.count() == 1
    assert PHOTOS_AN_HOUR > 1


def test_the_drafts_of_one_browser_hold_only_so_many_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    process, session = a_process(), Client()
    begin(session, an_upload(1))
    monkeypatch.setattr(services, "MOST_MEGABYTES", 0.001)
    holder = Holder(AnonymousUser(), Draft.objects.get().session_key)
    other = begin_draft(holder=holder, city=process.city, fields={"title": "둘째"})
    with pytest.raises(TooManyPhotoBytes):
        services.add_photo(holder=holder, draft=other, file=a_file(seed=2))
    assert not other.photos.exists()


@pytest.mark.parametrize(
    "told",
    [
        {"action": "photo-remove-x"},
        {"action": f"photo-remove-{uuid.uuid4()}"},
        {"action": "photo-explode-" + str(uuid.uuid4())},
        {"alt-": "x", f"alt-{uuid.uuid4()}": "남의 사진", "alt-☃": "x"},
        {"photos": "no file"},
        {"action": "\x00"},
    ],
)
def test_forged_fields_change_no_photo(told: dict[str, str]) -> None:
    process, client = a_process(), signed_in(a_person())
    draft = described(begin(client, an_upload(), process=process.slug), ALT)
    assert what(client, draft, **told).status_code in {303, 400}
    assert draft.photos.get().alt == ALT


def test_a_photo_that_was_removed_in_another_window_stays_gone() -> None:
    process, client = a_process(), signed_in(a_person())
    draft = begin(client, an_upload(1), an_upload(2), process=process.slug)
    gone, other = draft.photos.all()
    what(client, draft, action=f"photo-remove-{gone.pk}")
    for act in ("later", "remove"):
        assert what(client, draft, action=f"photo-{act}-{gone.pk}").status_code == 303
    assert draft.photos.get() == other


def test_another_persons_draft_takes_neither_photos_nor_words() -> None:
    process = a_process()
    draft = described(begin(signed_in(a_person()), an_upload(1), process=process.slug), ALT)
    photo = draft.photos.get()
    for stranger in (Client(), signed_in(a_person())):
        answer = what(
            stranger, draft, **{"photos": [an_upload(2)], f"alt-{photo.pk}": "남이 쓴 말", "action": "photos"}
        )
        assert answer.status_code == 404
        assert what(stranger, draft, action=f"photo-remove-{photo.pk}").status_code == 404
    assert draft.photos.get().alt == ALT


def test_one_draft_does_not_reach_anothers_photos() -> None:
    process, client = a_process(), signed_in(a_person())
    one = described(begin(client, an_upload(1), process=process.slug), ALT)
    other = begin(client, an_upload(2), process=process.slug)
    photo = one.photos.get()
    what(client, other, **{f"alt-{photo.pk}": "다른 초안에서"}, action=f"photo-remove-{photo.pk}")
    assert one.photos.get().alt == ALT


@pytest.mark.django_db(transaction=True)
def test_photos_that_come_at_the_same_moment_stay_within_the_limit() -> None:
    process, person = a_process(), a_person()
    draft = begin_draft(holder=Holder(person), city=process.city, fields=WHAT)
    refused: list[str] = []

    def add(seed: int) -> None:
        try:
            services.add_photo(holder=Holder(person), draft=draft, file=a_file(seed=seed))
        except CityError as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=add, args=(seed,)) for seed in range(MOST_PHOTOS + 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["too_many_photos"] * 3
    assert sorted(draft.photos.values_list("position", flat=True)) == list(range(MOST_PHOTOS))


# --- Who sees them ---


def test_a_drafts_photo_is_its_writers_alone() -> None:
    process, client = a_process(), signed_in(a_person())
    draft = begin(client, an_upload(), process=process.slug)
    photo = draft.photos.get()
    answer = client.get(address(draft, photo))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert "no-store" in answer["Cache-Control"]
    for stranger in (Client(), signed_in(a_person())):
        assert stranger.get(address(draft, photo)).status_code == 404


def test_an_anonymous_drafts_photo_is_its_browsers_alone() -> None:
    a_process()
    client = Client()
    draft = begin(client, an_upload())
    assert client.get(address(draft, draft.photos.get())).status_code == 200
    assert Client().get(address(draft, draft.photos.get())).status_code == 404


def test_a_proposals_photo_is_everybodys_until_it_is_withdrawn() -> None:
    a_process()
    author = a_person()
    client = signed_in(author)
    proposal = submitted(client, 1)
    photo = proposal.content.photos.get()
    answer = Client().get(address(proposal, photo))
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, max-age=300")
    assert answer["X-Content-Type-Options"] == "nosniff"
    withdraw_proposal(proposal=proposal, author=author, at=timezone.now())
    assert Client().get(address(proposal, photo)).status_code == 410
    assert signed_in(a_person()).get(address(proposal, photo)).status_code == 410
    assert client.get(address(proposal, photo)).status_code == 200


def test_a_photo_is_found_only_with_what_it_belongs_to() -> None:
    a_process()
    client = signed_in(a_person())
    proposal, other = submitted(client, 1), a_proposal()
    draft = begin(client, an_upload(2))
    photo, drafted = proposal.content.photos.get(), draft.photos.get()
    assert client.get(address(other, photo)).status_code == 404
    assert client.get(address(proposal, drafted)).status_code == 404
    assert client.get(address(draft, photo)).status_code == 404
    assert client.get(address(proposal, photo, "huge")).status_code == 404
    assert client.post(address(proposal, photo)).status_code == 405


def test_what_is_served_is_only_the_picture() -> None:
    a_process()
    client = signed_in(a_person())
    draft = begin(client, an_upload(raw=from_a_phone()))
    raw = client.get(address(draft, draft.photos.get(), "large")).content
    assert raw.startswith(b"\xff\xd8\xff")
    assert b"Secret Phone" not in raw
    assert b"my house" not in raw


# --- Versions ---


def test_a_new_version_begins_with_the_photos_of_the_present_one_and_tells_what_changed() -> None:
    a_process()
    client = signed_in(a_person())
    proposal = submitted(client, 1, 2)
    client.post(reverse("proposals:revise", args=[proposal.pk]))
    draft = Draft.objects.get()
    one, two = draft.photos.all()
    what(client, draft, action=f"photo-remove-{one.pk}")
    what(client, draft, action="photos", photos=[an_upload(3)])
    assert what(client, draft, **alts_of(draft, "둘째 사진을 다르게 적음", "셋째 사진")).status_code == 303
    assert client.post(at(draft, "check"), {"public": "on"}).status_code == 303
    proposal.refresh_from_db()
    assert seeds_shown(proposal) == ["둘째 사진을 다르게 적음", "셋째 사진"]
    assert [photo.alt for photo in proposal.versions.get(number=1).photos.all()] == ["사진 1", "사진 2"]
    page = Client().get(reverse("proposals:versions", args=[proposal.pk])).content.decode()
    compared = page[page.index("photo-difference") :]
    assert ["설명이 바뀜" in compared, "추가" in compared, "삭제" in compared or "뺌" in compared] == [True] * 3
    assert two.alt == "사진 2"


def test_another_order_of_photos_is_a_change_and_said_so() -> None:
    author = a_person()
    shown = [a_shown_photo(1, "하나"), a_shown_photo(2, "둘")]
    proposal = a_proposal(author=author, photos=tuple(shown))
    again = {"proposal": proposal, "author": author, "at": timezone.now()}
    with pytest.raises(NothingChanged):
        revise_proposal(content=a_content(photos=tuple(shown)), key=uuid.uuid4(), **again)
    revise_proposal(content=a_content(photos=tuple(reversed(shown))), key=uuid.uuid4(), **again)
    page = Client().get(reverse("proposals:versions", args=[proposal.pk])).content.decode()
    assert "순서가 바뀌었습니다" in page


def test_the_ledger_keeps_a_hash_of_the_photos() -> None:
    content = a_content(photos=(a_shown_photo(),))
    proposal = a_proposal(photos=content.photos)
    entry = LedgerEntry.objects.get(action="proposal.submitted")
    assert entry.facts["photos"] == content.photos_sha256
    a_proposal(title="사진이 없는 제안입니다")
    assert "photos" not in LedgerEntry.objects.latest("number").facts
    assert proposal.content.photos.count() == 1


def test_more_photos_than_fit_and_photos_twice_are_refused_by_name() -> None:
    shown = [ShownPhoto(Stored(f"{n:064x}", 1, 1, 1), ALT) for n in range(MOST_PHOTOS + 1)]
    told = {"title": WHAT["title"], "text": WHAT["text"]}
    with pytest.raises(InvalidContent) as refusal:
        checked(**told, photos=shown)
    assert list(refusal.value.fields) == ["photos"]
    with pytest.raises(InvalidContent) as refusal:
        checked(**told, photos=[shown[0], shown[0]])
    assert list(refusal.value.fields) == ["photos.1"]


# --- In cards, and how many queries ---


def test_a_card_shows_the_first_photo_instead_of_the_map() -> None:
    a_process()
    proposal = submitted(signed_in(a_person()), 1, 2)
    first = proposal.content.photos.all()[0]
    page = Client().get(reverse("worlds:home")).content.decode()
    assert address(proposal, first, "medium") in page


def test_photos_cost_one_query_however_many(django_assert_max_num_queries: Any) -> None:
    process = a_process()
    for seed in range(4):
        a_proposal(process, title=f"사진이 있는 제안 {seed}", photos=(a_shown_photo(seed),))
    client = signed_in(a_person())
    for page in (reverse("worlds:home"), reverse("processes:detail", args=[process.slug]), API):
        with django_assert_max_num_queries(12):
            client.get(page)
    draft = begin(client, *(an_upload(seed) for seed in range(MOST_PHOTOS)), process=process.slug)
    for screen in ("what", "check"):
        described(draft, *["무엇이 보이는지"] * MOST_PHOTOS)
        with django_assert_max_num_queries(12):
            assert client.get(at(draft, screen)).status_code == 200


# --- The API ---


def sent(client: Client, seed: int = 0) -> dict[str, Any]:
    answer = client.post("/api/v1/photos/", {"file": an_upload(seed)})
    assert answer.status_code == 201, answer.content
    told: dict[str, Any] = answer.json()
    return told


def submission(process: Any, *named: dict[str, str], **fields: Any) -> dict[str, Any]:
    told = {"title": WHAT["title"], "text": WHAT["text"], "process": process.slug, "key": str(uuid.uuid4())}
    return told | ({"photos": list(named)} if named else {}) | fields


def put(client: Client, path: str, body: Any, method: str = "post") -> Any:
    return getattr(client, method)(path, json.dumps(body), content_type="application/json")


def test_photos_are_sent_first_and_named_in_the_submission() -> None:
    process, client = a_process(), signed_in(a_person())
    photo = sent(client)
    body = submission(process, {"id": photo["id"], "alt": ALT})
    answer = put(client, API, body)
    assert answer.status_code == 201, answer.content
    told = answer.json()["photos"][0]
    assert (told["alt"], told["width"], told["height"]) == (ALT, 64, 48)
    assert Client().get(told["large"]).status_code == 200
    assert Client().get(API).json()["results"][0]["photos"] == [told]
    assert put(client, API, body).json()["id"] == answer.json()["id"]


def test_a_revision_keeps_the_photos_it_names_and_drops_the_others() -> None:
    process, client = a_process(), signed_in(a_person())
    photos_sent = [{"id": sent(client, seed)["id"], "alt": f"사진 {seed}"} for seed in (1, 2)]
    proposal = put(client, API, submission(process, *photos_sent)).json()
    kept = {"id": proposal["photos"][1]["id"], "alt": "새로 적은 설명"}
    body = submission(process, kept)
    answer = put(client, f"{API}{proposal['id']}/", body, "put")
    assert [photo["alt"] for photo in answer.json()["photos"]] == ["새로 적은 설명"]
    body = submission(process, text="이제는 사진 없이 다시 적은 글입니다.")
    assert put(client, f"{API}{proposal['id']}/", body, "put").json()["photos"] == []


def test_nobody_names_photos_of_others() -> None:
    process = a_process()
    owner, other = signed_in(a_person()), signed_in(a_person())
    waiting = {"id": sent(owner)["id"], "alt": ALT}
    public = put(owner, API, submission(process, {"id": sent(owner, 5)["id"], "alt": ALT})).json()["photos"][0]
    for named in (waiting, {"id": public["id"], "alt": ALT}, {"id": str(uuid.uuid4()), "alt": ALT}):
        answer = put(other, API, submission(process, named))
        assert (answer.status_code, answer.json()["code"]) == (404, "photo_not_found")
    assert Proposal.objects.count() == 1


@pytest.mark.parametrize(
    ("named", "status"),
    [
        ([{"id": "x", "alt": ALT}], 400),
        ([{"id": str(uuid.uuid4())}], 400),
        ([{"id": str(uuid.uuid4()), "alt": 5}], 404),
        ("photos", 400),
        ([["a"]], 400),
        ([None], 400),
        ({"id": 1}, 400),
    ],
)
def test_photos_of_a_wrong_shape_are_answered_with_a_code(named: Any, status: int) -> None:
    process, client = a_process(), signed_in(a_person())
    answer = put(client, API, submission(process, photos=named))
    assert answer.status_code == status
    assert set(answer.json()) == {"code", "message", "fields"}
    assert not Proposal.objects.exists()


def test_an_undescribed_photo_is_refused_by_its_field() -> None:
    process, client = a_process(), signed_in(a_person())
    answer = put(client, API, submission(process, {"id": sent(client)["id"], "alt": "가"}))
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["photos.0"])


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [(b"GIF89a", 400, "not_a_photo"), (bytes(15 * 2**20 + 1), 413, "photo_too_large"), (b"", 400, "invalid")],
)
def test_files_that_are_no_photos_are_answered_with_a_code(raw: bytes, status: int, code: str) -> None:
    client = signed_in(a_person())
    answer = client.post("/api/v1/photos/", {"file": an_upload(raw=raw)})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Photo.objects.exists()


def test_sending_photos_asks_for_an_account_and_a_file() -> None:
    assert Client().post("/api/v1/photos/", {"file": an_upload()}).status_code == 401
    client = signed_in(a_person())
    assert client.post("/api/v1/photos/", {"file": "text"}).status_code == 400
    assert client.post("/api/v1/photos/", {}).status_code == 400
    assert put(client, "/api/v1/photos/", {"file": "x"}).status_code == 415
    assert client.get("/api/v1/photos/").status_code == 405
    assert signed_in(a_person(agreed=False)).post("/api/v1/photos/", {"file": an_upload()}).status_code == 403


def test_only_so_many_photos_wait_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_WAITING", 2)
    client = signed_in(a_person())
    for seed in (1, 2):
        sent(client, seed)
    assert client.post("/api/v1/photos/", {"file": an_upload(3)}).json()["code"] == "too_many_photos"


# --- Taken along, let go ---


def test_ones_photos_are_told_on_request() -> None:
    a_process()
    person = a_person()
    client = signed_in(person)
    proposal = submitted(client, 1)
    draft = described(begin(client, an_upload(2)), "초안의 사진")
    told = export_all(person)["proposals"]
    assert told["proposals"][0]["versions"][0]["photos"][0]["description"] == "사진 1"
    assert told["drafts"][0]["photos"][0]["description"] == "초안의 사진"
    for photo in (told["proposals"][0]["versions"][0]["photos"][0], told["drafts"][0]["photos"][0]):
        assert client.get(photo["address"]).status_code == 200
    assert (proposal.versions.count(), draft.photos.count()) == (1, 1)


def kept_files(media: Path) -> set[str]:
    return {folder.name for folder in media.glob("photos/??/*")}


def test_photos_of_drafts_and_of_what_was_withdrawn_go_with_the_person_and_public_ones_stay(media: Path) -> None:
    a_process()
    person = a_person()
    client = signed_in(person)
    public, withdrawn = submitted(client, 1), submitted(client, 2)
    begin(client, an_upload(3))
    sent(client, 4)
    withdraw_proposal(proposal=withdrawn, author=person, at=timezone.now())
    assert len(kept_files(media)) == 4
    erase_account(user=User.objects.get(pk=person.pk))
    photos.prune(clocks.now() + 2 * photos.GRACE)
    assert list(Photo.objects.values_list("version", flat=True)) == [public.current_id]
    assert kept_files(media) == {public.content.photos.get().digest}


def test_photos_of_a_deleted_draft_go_but_not_what_something_else_shows(media: Path) -> None:
    a_process()
    client = signed_in(a_person())
    proposal = submitted(client, 1)
    draft = begin(client, an_upload(1), an_upload(2))
    client.post(reverse("proposals:draft_delete", args=[draft.pk]))
    photos.prune(clocks.now() + 2 * photos.GRACE)
    assert kept_files(media) == {proposal.content.photos.get().digest}


def test_drafts_of_ended_sessions_and_photos_sent_in_vain_are_forgotten() -> None:
    a_process()
    visitor, member = Client(), signed_in(a_person())
    begin(visitor, an_upload(1))
    kept = begin(member, an_upload(2))
    waiting = Photo.objects.get(pk=sent(member, 3)["id"])
    forget()
    assert Draft.objects.count() == 2
    forget_drafts(clocks.now() + visitor.session.get_expiry_age() * SECOND + SECOND)
    services.forget_photos(waiting.created_at + services.WAITS + SECOND)
    assert list(Draft.objects.all()) == [kept]
    assert list(Photo.objects.all()) == list(kept.photos.all())


def test_a_draft_goes_along_with_its_photos_when_its_writer_signs_in() -> None:
    a_process()
    client, person = Client(), a_person()
    draft = begin(client, an_upload())
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert client.get(address(draft, draft.photos.get())).status_code == 200
    forget_drafts(clocks.now() + 400 * 24 * 3600 * SECOND)
    assert Draft.objects.get().owner == person


def test_a_lost_file_is_not_found(media: Path) -> None:
    a_process()
    proposal = submitted(signed_in(a_person()), 1)
    for file in media.rglob("*.jpg"):
        file.unlink()
    assert Client().get(address(proposal, proposal.content.photos.get())).status_code == 404
