"""How much a form may send. Refused by its declared length, before a byte of it is written anywhere."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from metacity.commons.access import has_role

View = TypeVar("View", bound=Callable[..., Any])


def accepts_large_files(*roles: str) -> Callable[[View], View]:
    """Marks a view whose forms may be as large as `CITY_UPLOAD_MB`, for people with one of `roles`."""

    def mark(view: View) -> View:
        view.large_files_from = roles  # type: ignore[attr-defined]
        return view

    return mark


class Bound(FileUploadHandler):
    """The first of the upload handlers. It takes no files itself."""

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *form: Any, **more: Any) -> None:  # noqa: N803 - Django's name
        if content_length > self._limit_mb() * 2**20:
            raise RequestDataTooBig

    def _limit_mb(self) -> int:
        request = self.request
        match = request.resolver_match if request else None
        roles = getattr(match.func, "large_files_from", ()) if match else ()
        if request is not None and roles and has_role(request.user, *roles):
            return int(settings.CITY_UPLOAD_MB)
        return int(settings.UPLOAD_MB)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
