"""A project that is not published yet. See `tests/visibility.py`."""

from collections.abc import Iterator

from participation.processes.models import Process
from tests.factories.processes import a_process
from tests.visibility import COMMON, Planted, Stage, plant, secret


@plant
def a_project_to_come(stage: Stage) -> Iterator[Planted]:
    """The operator edits projects in Django's admin."""
    word = f"{COMMON} {secret('project')}"
    process = a_process(stage.city, title=word, summary=word, text=word)
    Process.objects.filter(pk=process.pk).update(state=Process.State.DRAFT)
    for slug in (stage.process.slug, process.slug):
        stage.visit("processes:detail", slug=slug)
        stage.visit("api-process", slug=slug)
    yield Planted("project", {"operator"})
