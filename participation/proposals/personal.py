"""What this room holds of a person: claimed at sign-in, told on request, let go when the person leaves."""

from typing import Any

from metacity.accounts.models import User
from participation.proposals.designs import described
from participation.proposals.models import Draft, Proposal, ProposalVersion, Support
from participation.proposals.services.drafts import claim_drafts
from participation.proposals.services.supports import remove_support
from participation.proposals.states import State
from twin.mirror.designs.models import Design


def claim_at_sign_in(sender: object, *, old_session_key: str | None, user: User, **kwargs: object) -> None:
    claim_drafts(session_key=old_session_key, user=user)


def export_proposals(user: User) -> dict[str, Any]:
    """Everything of the person in this room."""
    proposals = (
        Proposal.objects.by_author(user).select_related("city").prefetch_related("versions__design_version").newest()
    )
    supports = Support.objects.filter(person=user).select_related("proposal__current").order_by("created_at")
    return {
        "proposals": [_proposal(proposal) for proposal in proposals],
        "supports": [
            {
                "proposal": str(support.proposal_id),
                "title": support.proposal.content.title if support.proposal.is_public else "",
                "given_at": support.created_at.isoformat(),
            }
            for support in supports
        ],
        "drafts": [
            {"id": str(draft.id), "typed": draft.data, "updated_at": draft.updated_at.isoformat()}
            for draft in Draft.objects.of_person(user)
        ],
    }


def _proposal(proposal: Proposal) -> dict[str, Any]:
    return {
        "id": str(proposal.id),
        "city": proposal.city.slug,
        "number": proposal.number,
        "state": proposal.state,
        "submitted_at": proposal.submitted_at.isoformat(),
        "versions": [
            {
                "number": version.number,
                "title": version.title,
                "text": version.text,
                "place": version.place_words,
                "design": described(proposal, version),
                "written_at": version.created_at.isoformat(),
            }
            for version in proposal.versions.all()
        ],
    }


def erase_proposals(user: User) -> None:
    """Drafts and supports go; public texts stay without a name; what was withdrawn is emptied.

    Whoever wants a text gone for good withdraws it first: nobody else can read it then, and nothing of it remains here.
    """
    Draft.objects.of_person(user).delete()
    supported = Proposal.objects.filter(supports__person=user).select_related("city", "current")
    # One order for everybody, so that two who leave at once do not wait for each other.
    for proposal in supported.order_by("pk"):
        remove_support(proposal=proposal, person=user)
    withdrawn = Proposal.objects.by_author(user).filter(state=State.WITHDRAWN)
    Design.objects.filter(versions__proposal_versions__proposal__in=withdrawn).delete()
    ProposalVersion.objects.filter(proposal__in=withdrawn).update(
        title="", text="", reason="", search_text="", place_words="", place_words_en=""
    )
    Proposal.objects.by_author(user).update(author=None)
