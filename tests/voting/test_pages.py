"""Pages of votes: complete without JavaScript, for everybody whom they concern, in few queries."""

import re
import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.processes.kinds import Act, PhaseKind
from participation.proposals.models import Proposal
from participation.proposals.services import withdraw_proposal
from participation.voting.models import Ballot, HasVoted, Poll
from participation.voting.services import extend_poll, suspend_poll
from participation.voting.views.reading import LOOK_UPS_A_MINUTE
from tests.factories.accounts import signed_in
from tests.factories.processes import a_person, a_phase, a_process
from tests.factories.proposals import a_proposal
from tests.factories.voting import (
    DAY,
    a_closed_poll,
    a_draft_poll,
    a_published_poll,
    an_announced_poll,
    an_official,
    an_open_poll,
    vote,
    voted_by,
)
from tests.worlds.plain_pages import Page

pytestmark = pytest.mark.django_db
NOT_STATUTORY = "「주민투표법」상 주민투표가 아닙니다"


@pytest.fixture(autouse=True)
def nothing_looked_up_before() -> None:
    cache.clear()


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def ballot_of(poll: Poll) -> str:
    return reverse("voting:ballot", args=[poll.pk])


def receipt_of(poll: Poll) -> str:
    return reverse("voting:receipt", args=[poll.pk])


def test_the_list_has_what_is_open_coming_and_past_and_no_draft(client: Client) -> None:
    proposal = a_proposal()
    questions = ["지금 하는 투표일까요?", "앞으로 할 투표일까요?", "지난 투표일까요?", "아직 초안일까요?"]
    an_open_poll(proposal, question=questions[0])
    an_announced_poll(proposal, question=questions[1])
    a_published_poll(an_open_poll(proposal, question=questions[2]))
    a_draft_poll(proposal, question=questions[3])
    page = text_of(client.get(reverse("voting:list")))
    assert page.index(questions[0]) < page.index(questions[1]) < page.index(questions[2])
    assert questions[3] not in page
    assert NOT_STATUTORY in page


def test_an_empty_list_says_what_to_do_instead(client: Client) -> None:
    a_process()
    assert "지금 하는 투표가 없습니다" in text_of(client.get(reverse("voting:list")))


def test_the_list_of_a_project_has_its_votes_alone(client: Client) -> None:
    here, elsewhere = a_proposal(), a_proposal()
    an_open_poll(here, question="여기 투표일까요?")
    an_open_poll(elsewhere, question="저기 투표일까요?")
    page = text_of(client.get(f"{reverse('voting:list')}?process={here.process.slug}"))
    assert "여기 투표일까요?" in page
    assert "저기 투표일까요?" not in page
    assert client.get(f"{reverse('voting:list')}?process=nowhere").status_code == 404


def test_a_vote_tells_what_by_which_rule_until_when_and_what_it_is_not(client: Client) -> None:
    poll = an_open_poll(min_age=14, districts=["가온1동"], quorum_percent=20, text="모두 4,800만 원이 듭니다.")
    page = text_of(client.get(poll.get_absolute_url()))
    for words in (
        poll.question, poll.meaning, "4,800만 원", NOT_STATUTORY, "사는 곳: 가온1동", "20% 이상이 참여",
        "나중에 본인확인을 하거나 이사 온 사람은", "운영하는 사람이 업무 규칙을 어기면", "강요를 막지 못합니다",
    ):  # fmt: skip
        assert words in page, words


def test_a_vote_is_told_in_english_too() -> None:
    poll = an_open_poll(question_en="Shall there be shade at the stop?", meaning_en="It goes into the budget.")
    page = text_of(Client(headers={"accept-language": "en"}).get(poll.get_absolute_url()))
    assert "Shall there be shade at the stop?" in page
    assert "It goes into the budget." in page
    assert "No residents' vote under the Residents' Voting Act" in page


def test_a_draft_looks_absent_to_all_but_the_office(client: Client) -> None:
    poll = a_draft_poll()
    for address in (poll.get_absolute_url(), ballot_of(poll), receipt_of(poll)):
        assert client.get(address).status_code == 404
        assert signed_in(a_person()).get(address).status_code == 404
    assert signed_in(an_official()).get(poll.get_absolute_url()).status_code == 200


def test_a_vote_that_does_not_exist_is_not_found(client: Client) -> None:
    a_process()
    for name in ("detail", "ballot", "receipt", "board_json", "board_csv"):
        assert client.get(reverse(f"voting:{name}", args=[uuid.uuid4()])).status_code == 404


def test_one_votes_on_plain_pages_and_finds_the_ballot_by_the_receipt() -> None:
    voter = a_person()
    poll = an_open_poll()
    client = signed_in(voter)
    check = Page.at(client, poll.get_absolute_url()).follow("/ballot/").send("/ballot/", choice="no", step="check")
    assert "이 답이 맞나요?" in check.text
    assert "반대" in check.text
    assert (HasVoted.objects.count(), Ballot.objects.count()) == (0, 0)
    done = check.send("/ballot/", step="cast")
    assert Ballot.objects.get().choice == "no"
    number = re.search(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){3}", done.text)
    assert number
    assert "data:image/svg+xml;base64," in done.text
    found = Page.at(Client(), receipt_of(poll)).send("/receipt/", receipt=number[0])
    assert "내 투표지가 기록되어 있습니다" in found.text
    a_published_poll(poll)
    found = Page.at(Client(), receipt_of(poll)).send("/receipt/", receipt=number[0].lower().replace("-", " "))
    assert re.search(r"이렇게 집계되었습니다: <strong>반대", found.text)


def test_the_answer_is_changed_before_it_is_cast() -> None:
    voter = a_person()
    poll = an_open_poll()
    client = signed_in(voter)
    check = Page.at(client, ballot_of(poll)).send("/ballot/", choice="no", step="check")
    again = check.send("/ballot/", step="choose")
    assert 'value="no"' in again.text
    assert again.forms[-1].fields["choice"] == "no"
    again.send("/ballot/", choice="yes", step="check").send("/ballot/", step="cast")
    assert Ballot.objects.get().choice == "yes"


def test_without_an_answer_the_ballot_asks_for_one() -> None:
    voter = a_person()
    poll = an_open_poll()
    answer = signed_in(voter).post(ballot_of(poll), {"step": "check", "key": str(uuid.uuid4())})
    assert answer.status_code == 400
    assert "답을 하나 골라 주세요." in text_of(answer)
    assert not Ballot.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {"choice": "maybe", "key": str(uuid.uuid4())},
        {"choice": "yes", "key": "no-key"},
        {"choice": "yes"},
        {"choice": "yes" * 10_000, "key": str(uuid.uuid4())},
        {"choice": "yes\x00", "key": str(uuid.uuid4())},
        {"choice": ["yes", "no"], "key": "' OR 1=1 --"},
    ],
)
def test_a_ballot_that_makes_no_sense_is_refused(sent: dict[str, Any]) -> None:
    voter = a_person()
    poll = an_open_poll()
    answer = signed_in(voter).post(ballot_of(poll), sent | {"step": "cast"})
    assert answer.status_code == 400
    assert not Ballot.objects.exists()


def test_a_double_click_gives_one_ballot_and_one_receipt() -> None:
    voter = a_person()
    poll, key = an_open_poll(), str(uuid.uuid4())
    client = signed_in(voter)
    pages = [text_of(client.post(ballot_of(poll), {"step": "cast", "choice": "yes", "key": key})) for _ in range(2)]
    numbers = {re.findall(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){3}", page)[0] for page in pages}
    assert (len(numbers), Ballot.objects.count()) == (1, 1)


def test_who_is_not_signed_in_is_led_to_sign_in_and_back(client: Client) -> None:
    poll = an_open_poll()
    page = Page.at(client, ballot_of(poll))
    assert any("/accounts/" in link and "ballot" in link for link in page.links)
    answer = client.post(ballot_of(poll), {"step": "cast", "choice": "yes", "key": str(uuid.uuid4())})
    assert answer.status_code == 401
    assert not Ballot.objects.exists()


def test_who_is_not_on_the_roll_learns_why_and_where_to_turn() -> None:
    poll = an_open_poll()
    late = a_person()
    for address in (poll.get_absolute_url(), ballot_of(poll)):
        page = text_of(signed_in(late).get(address))
        assert "투표인명부에 없습니다" in page
        assert "02-0000-0000" in page
    answer = signed_in(late).post(ballot_of(poll), {"step": "cast", "choice": "yes", "key": str(uuid.uuid4())})
    assert answer.status_code == 403
    assert not Ballot.objects.exists()


def test_who_has_voted_is_told_so_and_never_what() -> None:
    voter = a_person()
    poll = an_open_poll()
    vote(poll, voter, "abstain")
    for address in (poll.get_absolute_url(), ballot_of(poll)):
        page = text_of(signed_in(voter).get(address))
        assert "투표했습니다. 고맙습니다." in page
        assert 'name="choice"' not in page
    assert "투표함" in text_of(signed_in(voter).get(reverse("voting:list")))


@pytest.mark.parametrize("make", [an_announced_poll, lambda: a_closed_poll(an_open_poll())], ids=["early", "late"])
def test_outside_its_time_there_is_no_ballot(make: Any) -> None:
    voter = a_person()
    poll = make()
    client = signed_in(voter)
    assert 'name="choice"' not in text_of(client.get(ballot_of(poll)))
    answer = client.post(ballot_of(poll), {"step": "cast", "choice": "yes", "key": str(uuid.uuid4())})
    assert answer.status_code == 409
    assert not Ballot.objects.exists()


def test_what_the_office_did_is_public_with_its_reason(client: Client) -> None:
    official, poll = an_official(), an_open_poll()
    extend_poll(poll=poll, until=poll.closes_at + DAY, reason="폭우가 왔습니다.", by=official, at=poll.opens_at)
    suspend_poll(poll=poll, reason="질문을 확인합니다.", by=official, at=poll.opens_at)
    page = text_of(client.get(poll.get_absolute_url()))
    assert "폭우가 왔습니다." in page
    assert "질문을 확인합니다." in page
    assert "멈춤" in page


def test_the_result_stands_in_figures_words_picture_and_by_the_rule(client: Client) -> None:
    poll, _given = voted_by([a_person() for _ in range(4)], ["yes", "yes", "yes", "no"], quorum_percent=10)
    a_published_poll(poll)
    page = text_of(client.get(poll.get_absolute_url()))
    for words in (
        "채택",
        "75.0%",
        "25.0%",
        "찬성 3표, 반대 1표",
        "4명이 참여했습니다",
        '<rect class="answers__yes"',
        poll.subject,
    ):
        assert words in page or words == poll.subject
    assert Poll.objects.get(pk=poll.pk).board_head in page
    assert "verify.py" in page


def test_before_it_is_certified_nobody_sees_the_figures(client: Client) -> None:
    poll, _given = voted_by([a_person()], ["yes"])
    a_closed_poll(poll)
    page = text_of(client.get(poll.get_absolute_url()))
    assert "answers__yes" not in page
    assert "1명 참여" in page


def test_receipts_are_looked_up_only_so_often(client: Client) -> None:
    poll = an_open_poll()
    codes = [client.post(receipt_of(poll), {"receipt": "ABCD"}).status_code for _ in range(LOOK_UPS_A_MINUTE + 1)]
    assert codes == [200] * LOOK_UPS_A_MINUTE + [429]


@pytest.mark.parametrize("typed", ["", " " * 10, "x" * 1000])
def test_an_empty_or_endless_receipt_is_asked_for_again(client: Client, typed: str) -> None:
    answer = client.post(receipt_of(an_open_poll()), {"receipt": typed})
    assert answer.status_code == 400


def test_a_wrong_letter_and_an_unknown_number_are_told_apart() -> None:
    voter = a_person()
    poll, other = an_open_poll(), an_open_poll()
    receipt = vote(other, voter)
    wrong = receipt[:-1] + ("2" if receipt[-1] != "2" else "3")
    assert "투표 접수번호가 아닙니다" in text_of(Client().post(receipt_of(poll), {"receipt": wrong}))
    assert "그 번호의 투표지가 없습니다" in text_of(Client().post(receipt_of(poll), {"receipt": receipt}))


def test_nothing_typed_about_a_receipt_is_put_into_an_address(client: Client) -> None:
    form = next(form for form in Page.at(client, receipt_of(an_open_poll())).forms if "receipt" in form.fields)
    assert form.method == "post"


def test_the_check_script_is_handed_out_as_it_is(client: Client) -> None:
    answer = client.get(reverse("voting:verify"))
    assert "def faults_of(" in answer.content.decode()
    assert answer["Content-Disposition"].endswith('"verify.py"')


def test_an_idea_leads_to_its_vote_and_a_withdrawn_one_leaves_the_vote_standing(client: Client) -> None:
    author = a_person()
    proposal = a_proposal(author=author)
    poll = an_open_poll(proposal)
    assert ballot_of(poll) in text_of(client.get(proposal.get_absolute_url()))
    withdraw_proposal(proposal=Proposal.objects.get(pk=proposal.pk), author=author, at=timezone.now())
    page = text_of(client.get(poll.get_absolute_url()))
    assert "그 뒤에 작성자가 철회했습니다." in page
    assert proposal.get_absolute_url() not in page


def test_first_page_and_project_show_what_can_be_voted_on(client: Client) -> None:
    process = a_process(phases=[a_phase(PhaseKind.VOTE, allows=[Act.PROPOSE, Act.VOTE])])
    poll = an_open_poll(a_proposal(process))
    for address in ("/", reverse("processes:detail", args=[process.slug])):
        assert poll.get_absolute_url() in text_of(client.get(address))
    project = text_of(client.get(reverse("processes:detail", args=[process.slug])))
    assert f"{reverse('voting:list')}?process={process.slug}" in project


def test_the_menu_leads_to_votes(client: Client) -> None:
    a_process()
    assert f'href="{reverse("voting:list")}"' in text_of(client.get("/proposals/"))


def test_pages_ask_few_queries_however_many_votes_there_are(django_assert_max_num_queries: Any) -> None:
    voter = a_person()
    proposal = a_proposal()
    polls = [an_open_poll(proposal) for _ in range(4)] + [a_published_poll(an_open_poll(proposal)) for _ in range(4)]
    client = signed_in(voter)
    for address in (
        *(reverse("voting:list"), polls[0].get_absolute_url(), polls[-1].get_absolute_url()),
        *(ballot_of(polls[0]), receipt_of(polls[0])),
        *("/", proposal.get_absolute_url(), reverse("processes:detail", args=[proposal.process.slug])),
        *(reverse("api-votes"), reverse("api-vote", args=[polls[0].pk])),
    ):
        client.get(address)
        with django_assert_max_num_queries(12, info=address):
            assert client.get(address).status_code == 200
