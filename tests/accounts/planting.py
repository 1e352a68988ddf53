"""What concerns one person alone: what they are told. See `tests/visibility.py`."""

from collections.abc import Iterator

from metacity.accounts.models import Notice
from metacity.accounts.notices import notify
from tests.visibility import Planted, Stage, plant, secret


@plant
def a_notice(stage: Stage) -> Iterator[Planted]:
    facts = {"outcome": "restore", "kind": "proposal", "rule": "insult", "words": secret("notice")}
    notify(person=stage.people["citizen"], kind="moderation.decided", facts=facts, url="/me/", key="planted")
    stage.visit("accounts:open_notice", pk=Notice.objects.get(key="planted").pk)
    yield Planted("notice", {"citizen"})


@plant
def what_needs_arguments(stage: Stage) -> Iterator[Planted]:
    stage.visit("accounts:identity_complete", key="demo")
    stage.visit("accounts:guardian_answer", token="no-such-token")
    stage.visit("accounts:set_consent", item="terms")
    stage.visit("accounts:desk_revoke", voucher_id="00000000-0000-4000-8000-000000000000")
    yield from ()
