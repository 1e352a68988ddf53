"""Pictures of a run, and the button that stops one."""

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from metacity.commons.errors import NotFound
from twin.simulation import services
from twin.simulation.access import require_cancel, run_for
from twin.simulation.pictures import NAMES


@require_GET
def picture(request: HttpRequest, pk: UUID, name: str) -> FileResponse:
    run = run_for(request.user, pk)
    file = services.pictures_folder(run) / f"{name}.png"
    if name not in NAMES or not file.is_file():
        raise NotFound
    response = FileResponse(file.open("rb"), content_type="image/png")
    response["Cache-Control"] = "private, max-age=3600"
    return response


@require_POST
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    run = run_for(request.user, pk)
    require_cancel(request.user, run)
    services.cancel_run(run=run)
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(back if is_ours else "/")
