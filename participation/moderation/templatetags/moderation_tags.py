"""How templates of other rooms tell an author, beside a hidden text, why it is hidden."""

import uuid
from typing import Any

from django import template

from participation.moderation import masking
from participation.moderation.models import Decision
from participation.moderation.outcomes import MEASURES
from participation.moderation.policy import policy

register = template.Library()


@register.filter
def masked(text: str) -> str:
    """`{{ draft.text|masked }}`: as it will be published."""
    return masking.masked(str(text or ""))


@register.inclusion_tag("moderation/hidden_note.html", takes_context=True)
def hidden_note(context: dict[str, Any], kind: str, pk: uuid.UUID) -> dict[str, Any]:
    """`{% hidden_note "comment" comment.pk %}`, for whoever reads a hidden text; its author finds the way to object."""
    measures = Decision.objects.filter(case__kind=kind, case__subject_id=pk, outcome__in=MEASURES)
    decision = measures.order_by("-number").select_related("case").first()
    user = context["request"].user
    is_author = decision is not None and decision.author_id == user.pk
    rule = policy().title_of(decision.rule) if decision else ""
    return {"decision": decision, "rule": rule, "is_author": is_author}
