"""What the description of the API says of our own parts. Loaded once the applications are ready."""

from drf_spectacular.authentication import SessionScheme


class SignedInBySessionScheme(SessionScheme):  # type: ignore[no-untyped-call]
    target_class = "metacity.commons.api.SignedInBySession"
    priority = 1
