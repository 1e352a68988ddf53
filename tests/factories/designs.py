"""Ideas with a drawing on the hamlet's square, which is public land."""

import uuid
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from metacity.accounts.models import User
from participation.processes.kinds import DesignKind
from participation.processes.models import Process
from participation.proposals.designs import checked_design
from participation.proposals.models import Draft, Proposal
from participation.proposals.services import revise_proposal, submit_proposal
from tests.factories.processes import a_person, a_process
from tests.factories.proposals import a_content, a_place
from twin.mirror.designs.changes import rectangle
from twin.mirror.models import City

LABEL = "시민 제안 · 확정된 계획 아님"
SQUARE = (0.0, -30.0)
SCRIPT = "<script>alert(1)</script>"
KINDS = [kind.value for kind in DesignKind]
BUILDING = {
    "kind": "building", "storeys": "20", "roof": "flat", "use": "도서관", "width": "24", "depth": "14",
    "rotation": "0", "east": "0", "north": "0",
}  # fmt: skip


def open_process(town: City, **fields: Any) -> Process:
    return a_process(town, **{"open_kinds": KINDS, **fields})


def tower(storeys: int = 20, *, centre: tuple[float, float] = SQUARE, **fields: Any) -> dict[str, Any]:
    footprint = rectangle(centre=centre, width_m=24, depth_m=14, rotation_deg=0)
    return {"changes": [{"op": "add", "kind": "building", "footprint": footprint, "storeys": storeys, **fields}]}


def bench() -> dict[str, Any]:
    return {"changes": [{"op": "add", "kind": "bench", "point": list(SQUARE)}]}


def submitted(process: Process, raw: object | None = None, author: User | None = None) -> Proposal:
    design = checked_design(process=process, raw=raw) if raw is not None else None
    content = a_content(place=a_place(process, *SQUARE), design=design)
    author = author or a_person()
    return submit_proposal(process=process, author=author, content=content, key=uuid.uuid4(), at=timezone.now())


def revised(proposal: Proposal, author: User, raw: object | None, **fields: Any) -> Proposal:
    design = checked_design(process=proposal.process, raw=raw) if raw is not None else None
    content = a_content(place=a_place(proposal.process, *SQUARE), design=design, **fields)
    return revise_proposal(proposal=proposal, author=author, content=content, key=uuid.uuid4(), at=timezone.now())


def a_draft(client: Client, process: Process, *, is_placed: bool = True) -> Draft:
    client.post(
        reverse("proposals:new"),
        {
            "title": "마당에 도서관을",
            "text": "모두가 쓰는 작은 도서관을 지어 주세요.",
            "wish": "proposal",
            "process": process.slug,
        },
    )
    draft = Draft.objects.latest("created_at")
    if is_placed:
        choice = f"point|{SQUARE[0]}|{SQUARE[1]}"
        client.post(reverse("proposals:draft_where", args=[draft.id]), {"choice": choice, "action": "next"})
    return draft


def page_of(draft: Draft) -> str:
    return reverse("proposals:draft_design", args=[draft.id])
