"""Ideas like this one: the same words, or the same spot. Shown before somebody writes an idea a second time."""

import re
from functools import lru_cache

from django.db.models import BooleanField, ExpressionWrapper, Q, Value

from participation.proposals.models import Proposal
from participation.proposals.models.proposals import ProposalQuerySet
from twin.mirror.models import City

# What `proposals/similar_row.html` shows, and what the likeness is found from.
_SHOWN = (
    "state", "supports_count", "current__title", "current__place_kind", "current__place_words",
    "current__place_words_en",
)  # fmt: skip
NEAR_M = 120.0
CANDIDATES = 200
# Below this share of common letter pairs two titles only sound alike by chance.
LEAST_LIKENESS = 0.28
# Endings that Korean hangs on its nouns, longest first, and words that every proposal uses.
_ENDINGS = re.split(
    " ", "에서는 에게서 으로는 이라는 에서 으로 에는 까지 부터 처럼 하고 을 를 이 가 은 는 에 의 도 로 와 과 만"
)
_EMPTY_WORDS = frozenset(
    re.split(
        " ",
        "있게 해주세요 해 주세요 만들어 만들어주세요 만들어요 설치해 설치해주세요 설치 했으면 좋겠습니다 좋겠어요 "
        "합니다 바랍니다 제안 제안합니다 부탁드립니다 우리 the a an and for with please make more our in on of to",
    )
)


def content_words(text: str) -> list[str]:
    """The words that carry meaning, without their endings, in order and once each."""
    words = re.findall(r"[^\W_]+", text.lower())
    stems = (stem(word) for word in words if word not in _EMPTY_WORDS)
    return list(dict.fromkeys(word for word in stems if len(word) > 1))


def stem(word: str) -> str:
    """A Korean word without the ending it carries, if at least two syllables remain."""
    ending = next((ending for ending in _ENDINGS if word.endswith(ending) and len(word) - len(ending) >= 2), "")
    return word.removesuffix(ending)


def likeness(one: str, other: str) -> float:
    """From 0 (no common letter pair) to 1 (the shorter holds nothing that the longer lacks)."""
    pairs, other_pairs = letter_pairs(one), letter_pairs(other)
    fewer = min(len(pairs), len(other_pairs))
    return len(pairs & other_pairs) / fewer if fewer else 0.0


@lru_cache(maxsize=4096)
def letter_pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring letters in its content words. Kept, since every page compares with the same titles."""
    return frozenset(word[i : i + 2] for word in content_words(text) for i in range(len(word) - 1))


def similar_proposals(
    *,
    city: City,
    title: str,
    e: float | None = None,
    n: float | None = None,
    without: Proposal | None = None,
    most: int = 4,
) -> list[Proposal]:
    """At most `most` listed proposals like an idea with this title at this place, the most alike first."""
    listed = Proposal.objects.in_city(city).listed()
    if without is not None:
        listed = listed.exclude(pk=without.pk)
    chosen = _chosen(title, e, n, listed)[:most]
    for proposal in chosen:
        proposal.city = city
    return chosen


def _chosen(title: str, e: float | None, n: float | None, listed: ProposalQuerySet) -> list[Proposal]:
    """Those with a word of the title in theirs, the likest first, then those near by; in one query."""
    near, worded = _near(e, n), _worded(title)
    if not (near or worded):
        return []
    candidates = listed.filter(near | worded).annotate(
        is_near=ExpressionWrapper(near, BooleanField()) if near else Value(False)
    )
    read = candidates.select_related("current").only(*_SHOWN).order_by("-is_near", "-submitted_at", "-number")
    scored = [(likeness(title, one.content.title), one.supports_count, one) for one in read[:CANDIDATES]]
    alike = sorted((one for one in scored if one[0] >= LEAST_LIKENESS), key=lambda one: one[:2], reverse=True)
    close = sorted((one for one in scored if one[2].is_near), key=lambda one: -one[1])
    return list(dict.fromkeys(one[2] for one in (*alike, *close)))


def _worded(title: str) -> Q:
    any_word = Q()
    for word in content_words(title)[:8]:
        any_word |= Q(current__title__icontains=word)
    return any_word


def _near(e: float | None, n: float | None) -> Q:
    if e is None or n is None:
        return Q()
    return Q(current__e__range=(e - NEAR_M, e + NEAR_M), current__n__range=(n - NEAR_M, n + NEAR_M))
