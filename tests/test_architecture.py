"""The house keeps its shape: relations point inward, doors stay the only doors. pyproject.toml tells the rings."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models import ForeignKey, ManyToManyField, Model

ROOT = Path(settings.BASE_DIR)
# From the ground outwards. A room may point to itself and to what stands before it.
ROOMS = (
    "commons",
    "accounts",
    "mirror",
    "simulation",
    "moderation",
    "processes",
    "proposals",
    "deliberation",
    "voting",
    "worlds",
    "presence",
    "meetings",
)
PACKAGES = ("metacity", "twin", "participation")
OUTSIDE = {"rest_framework", "drf_spectacular", "channels", "channels_redis", "celery"}


def our_apps() -> list[AppConfig]:
    return [app for app in apps.get_app_configs() if app.name.split(".")[0] in PACKAGES]


def our_models() -> list[type[Model]]:
    return [model for app in our_apps() for model in app.get_models(include_auto_created=True)]


def modules(*names: str) -> list[Path]:
    """The modules of that name, and those of packages of that name, in every room."""
    found = [
        file
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
        if file.stem in names or set(names) & set(file.relative_to(ROOT).parent.parts)
    ]
    assert found
    return sorted(found)


def imports(tree: ast.AST) -> Iterator[str]:
    """The top-level names of everything that a module imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield (node.module or "").split(".")[0]


def test_every_room_has_its_place_in_the_rings() -> None:
    assert [app.label for app in our_apps()] == list(ROOMS)


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_foreign_keys_point_inward(model: type[Model]) -> None:
    for field in model._meta.get_fields():
        if not isinstance(field, ForeignKey | ManyToManyField):
            continue
        target = field.related_model
        assert isinstance(target, type)
        if target._meta.app_label in ROOMS:
            own, other = ROOMS.index(model._meta.app_label), ROOMS.index(target._meta.app_label)
            assert other <= own, f"{field} points outward, to {target._meta.label}."


@pytest.mark.parametrize("app", our_apps(), ids=lambda app: app.label)
def test_an_apps_label_is_written_out(app: AppConfig) -> None:
    assert "label" in vars(type(app))


@pytest.mark.parametrize("file", modules("models", "services"), ids=lambda file: str(file.relative_to(ROOT)))
def test_models_and_services_know_neither_web_framework_nor_channels_nor_celery(file: Path) -> None:
    assert not OUTSIDE & set(imports(ast.parse(file.read_text())))


@pytest.mark.parametrize("file", modules("events", "jobs"), ids=lambda file: str(file.relative_to(ROOT)))
def test_the_doors_open_inside_functions_only(file: Path) -> None:
    tree = ast.parse(file.read_text())
    outside_functions = [node for node in tree.body if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert not OUTSIDE & {name for node in outside_functions for name in imports(node)}


def test_the_package_imports_the_celery_app_and_nothing_else() -> None:
    tree = ast.parse((ROOT / "metacity" / "__init__.py").read_text())
    statements = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [ast.unparse(node) for node in statements] == ["from metacity.celery import app as celery_app"]


def test_nothing_holds_a_relation_to_the_ledger() -> None:
    """An entry names things by their ids: what it tells of may be erased, and it stays."""
    from metacity.commons.models import LedgerEntry

    assert not LedgerEntry._meta.related_objects
    assert not [field for field in LedgerEntry._meta.get_fields() if field.is_relation]
