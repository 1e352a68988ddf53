"""What is said in the sample district."""

import pytest
from django.core.cache import cache
from django.utils import timezone

from metacity.accounts.models import Notice
from metacity.accounts.services.seeding import seed_people
from participation.deliberation.models import Comment, Discussion
from participation.deliberation.seeding import seed_comments
from participation.moderation.models import Appeal
from participation.proposals.seeding import seed_city
from tests.proposals.test_seed_demo import a_district

pytestmark = pytest.mark.django_db


def test_a_dozen_ideas_are_talked_about_by_citizens_and_officials_and_again_changes_nothing() -> None:
    cache.clear()
    city, now = a_district(), timezone.now()
    seed_people()
    seed_city(city, now)
    seed_comments(city, now)
    comments = Comment.objects.select_related("discussion__proposal")
    assert Discussion.objects.count() >= 12
    assert {"", "official", "approver"} == set(comments.values_list("role", flat=True))
    assert comments.filter(place__gt=0).count() >= 8
    assert comments.filter(scene__isnull=False).exists()
    assert all(one.discussion.proposal.submitted_at < one.written_at <= now for one in comments)
    assert all(one.author != one.discussion.proposal.author for one in comments)
    hidden = comments.get(hidden_at__isnull=False)
    assert Notice.objects.filter(person=hidden.author, kind__startswith="moderation").exists()
    assert Appeal.objects.filter(author=hidden.author).exists()
    before = Comment.objects.count()
    assert seed_comments(city, now) == "0 new comments"
    assert Comment.objects.count() == before
