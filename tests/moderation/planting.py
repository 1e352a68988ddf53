"""Who reported, what they said, what was decided and objected. See `tests/visibility.py`."""

from collections.abc import Iterator

from metacity.accounts.models import User
from tests.factories.accounts import person
from tests.factories.moderation import decided, objected, reported, reported_as
from tests.factories.proposals import a_proposal
from tests.visibility import Planted, Stage, plant, secret


@plant
def a_report_and_its_maker(stage: Stage) -> Iterator[Planted]:
    """Words for moderators; the name of who reported for nobody else, moderators included."""
    citizen = stage.people["citizen"]
    User.objects.filter(pk=citizen.pk).update(alias=secret("reporter"))
    case = reported(stage.proposal, by=citizen, words=f"{secret('reportwords')} 라는 말이 있습니다.")
    stage.visit("moderation:report", kind="proposal", pk=stage.proposal.pk)
    for route in ("moderation:case", "moderation:claim", "moderation:release", "api-case", "api-case-claim"):
        stage.visit(route, pk=case.pk)
    yield Planted("reporter", {"citizen", "operator"})  # the operator's list of accounts
    yield Planted("reportwords", {"citizen", "moderator"})


@plant
def a_measure_and_an_objection(stage: Stage) -> Iterator[Planted]:
    case = reported(a_proposal(stage.process, stage.people["author"], title="가려질 제안입니다"))
    decision = decided(case, words=f"{secret('decision')} 때문에 가립니다.")
    appeal = objected(decision, f"{secret('objection')} 때문에 다시 보여 주세요.")
    stage.visit("moderation:decision", pk=decision.pk)
    stage.visit("api-decision-appeal", pk=decision.pk)
    stage.visit("moderation:appeal", pk=appeal.pk)
    stage.visit("api-appeal", pk=appeal.pk)
    for route in ("moderation:case", "api-case"):
        stage.visit(route, pk=case.pk)
    yield Planted("decision", {"author", "moderator"})
    yield Planted("objection", {"author", "moderator"})


@plant
def a_hidden_alias(stage: Stage) -> Iterator[Planted]:
    who = person(alias=secret("alias"))
    a_proposal(stage.process, who)
    case = reported_as("alias", who.pk)
    decided(case)
    stage.visit("moderation:report", kind="alias", pk=who.pk)
    for route in ("moderation:case", "api-case"):
        stage.visit(route, pk=case.pk)
    yield Planted("alias", {"moderator"})
