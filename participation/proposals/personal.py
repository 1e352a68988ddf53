"""What this room holds of a person: claimed at sign-in, told on request, let go when the person leaves."""

from typing import Any

from metacity.accounts.models import User
from participation.proposals.designs import described
from participation.proposals.models import Answer, Draft, Photo, Proposal, ProposalVersion, Step, Support
from participation.proposals.photos import photo_url
from participation.proposals.services.drafts import claim_drafts
from participation.proposals.services.supports import remove_support
from participation.proposals.states import State
from twin.mirror.designs.models import Design


def claim_at_sign_in(sender: object, *, old_session_key: str | None, user: User, **kwargs: object) -> None:
    claim_drafts(session_key=old_session_key, user=user)


def export_proposals(user: User) -> dict[str, Any]:
    """Everything of the person in this room."""
    proposals = (
        Proposal.objects.by_author(user)
        .select_related("city")
        .prefetch_related("versions__design_version", "versions__photos")
        .newest()
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
        "answers_written": [
            {"proposal": str(answer.proposal_id), "text": answer.text, "at": answer.updated_at.isoformat()}
            for answer in Answer.objects.filter(writers=user).order_by("created_at")
        ],
        "drafts": [
            {
                "id": str(draft.id),
                "typed": draft.data,
                "photos": [_photo(photo, photo_url(draft, photo)) for photo in draft.photos.all()],
                "updated_at": draft.updated_at.isoformat(),
            }
            for draft in Draft.objects.of_person(user).select_related("city").prefetch_related("photos")
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
                "photos": [_photo(photo, photo_url(proposal, photo)) for photo in version.photos.all()],
                "written_at": version.created_at.isoformat(),
            }
            for version in proposal.versions.all()
        ],
    }


def _photo(photo: Photo, address: str) -> dict[str, Any]:
    """The picture itself is at the address, for as long as the person is signed in to look."""
    return {"address": address, "description": photo.alt, "sent_at": photo.created_at.isoformat()}


def erase_proposals(user: User) -> None:
    """Drafts and supports go; public texts stay without a name; what was withdrawn is emptied, the office's words too.

    Whoever wants a text gone for good withdraws it first: nobody else can read it then, and nothing of it remains here.
    """
    Draft.objects.of_person(user).delete()
    supported = Proposal.objects.filter(supports__person=user).select_related("city", "current")
    # One order for everybody, so that two who leave at once do not wait for each other.
    for proposal in supported.order_by("pk"):
        remove_support(proposal=proposal, person=user)
    withdrawn = Proposal.objects.by_author(user).filter(state=State.WITHDRAWN)
    Design.objects.filter(versions__proposal_versions__proposal__in=withdrawn).delete()
    Photo.objects.filter(version__proposal__in=withdrawn).delete()
    Photo.objects.waiting_of(user).delete()
    ProposalVersion.objects.filter(proposal__in=withdrawn).update(
        title="", text="", reason="", search_text="", place_words="", place_words_en=""
    )
    Step.objects.filter(proposal__in=withdrawn).update(words="")
    Answer.objects.filter(proposal__in=withdrawn).update(text="", next_steps="", correction="", remark="")
    Proposal.objects.by_author(user).update(author=None)
