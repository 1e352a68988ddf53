"""Who the browser is talking for."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from metacity.accounts.access import require_member
from metacity.accounts.models import User
from metacity.commons.errors import CityError


class MeOut(serializers.Serializer[Any]):
    signed_in = serializers.BooleanField()
    id = serializers.UUIDField(allow_null=True)
    display_name = serializers.CharField(allow_blank=True)
    roles = serializers.ListField(child=serializers.CharField())
    identified = serializers.BooleanField()
    can_write = serializers.BooleanField()
    blocked_by = serializers.CharField(allow_blank=True, help_text="Code of the refusal where `can_write` is false.")


@extend_schema(responses=MeOut)
@api_view(["GET"])
def me(request: Request) -> Response:
    """Who I am, what I may do, and what stands in the way. Anonymous visitors get an answer too."""
    user = request.user
    if not isinstance(user, User):
        nobody: dict[str, Any] = {"signed_in": False, "id": None, "display_name": "", "roles": [], "identified": False}
        return Response(MeOut(nobody | {"can_write": False, "blocked_by": "not_signed_in"}).data)
    blocked_by = _refusal(user)
    somebody = {
        "signed_in": True,
        "id": user.pk,
        "display_name": user.display_name,
        "roles": sorted(user.roles),
        "identified": user.is_identified,
        "can_write": not blocked_by,
        "blocked_by": blocked_by,
    }
    answer = Response(MeOut(somebody).data)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _refusal(user: User) -> str:
    try:
        require_member(user)
    except CityError as refusal:
        return refusal.code
    return ""
