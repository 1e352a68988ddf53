"""`manage.py compilecatalogues`."""

import gettext
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Language: ko\\n"\n\n'


@pytest.fixture
def po(tmp_path: Path) -> Path:
    file = tmp_path / "commons" / "ko" / "LC_MESSAGES" / "django.po"
    file.parent.mkdir(parents=True)
    return file


def compile_catalogue(po: Path) -> None:
    call_command("compilecatalogues", po.parents[2], verbosity=0)


def test_translations_are_compiled_without_fuzzy_ones(po: Path) -> None:
    po.write_text(HEAD + 'msgid "Idea"\nmsgstr "제안"\n\n#, fuzzy\nmsgid "Ideal"\nmsgstr "제안"\n')
    compile_catalogue(po)
    with po.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert (compiled.gettext("Idea"), compiled.gettext("Ideal")) == ("제안", "Ideal")
    assert sorted(file.name for file in po.parent.iterdir()) == ["django.mo", "django.po"]


@pytest.mark.parametrize(
    "wrong", ['msgid "Idea"\nnonsense\n', '#, python-format\nmsgid "%(n)d ideas"\nmsgstr "제안 %(m)d개"\n']
)
def test_a_faulty_catalogue_is_named_and_the_old_one_stays(po: Path, wrong: str) -> None:
    po.write_text(HEAD + wrong)
    with pytest.raises(CommandError, match=r"django\.po"):
        compile_catalogue(po)
    assert not po.with_suffix(".mo").exists()
