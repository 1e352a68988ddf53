"""Long lists in pages."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

M = TypeVar("M", bound=Model)
PAGE_SIZE = 20


class ListPage(Page[M]):
    """One page of a list. `numbers` are the page numbers to link to, with an ellipsis for each gap."""

    @property
    def numbers(self) -> "list[int | StrOrPromise]":
        return list(self.paginator.get_elided_page_range(self.number, on_each_side=2, on_ends=1))


class _Paginator(Paginator):  # type: ignore[type-arg]  # generic for the type checker only
    def _get_page(self, object_list: Any, number: int, paginator: Any) -> ListPage[Any]:
        return ListPage(object_list, number, paginator)


def paginate(queryset: "QuerySet[M] | Sequence[M]", request: HttpRequest, size: int = PAGE_SIZE) -> ListPage[M]:
    """The page of `queryset` that `?page=` asks for; a number that makes no sense leads to the first or last page.

    `queryset` is ordered. `size` is the caller's: it is never read from the request.
    """
    return cast(ListPage[M], _Paginator(queryset, size).get_page(request.GET.get("page")))
