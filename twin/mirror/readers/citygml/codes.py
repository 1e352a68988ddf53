"""Codes in the attributes of CityGML: looked up in the lists handed in with a file, a few known without."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from twin.mirror.readers.files import CityFile

_MAX_LIST_BYTES = 16 << 20
_MAX_LISTS = 500
_LEVELS_ABOVE = 6

# Uses of buildings by the code lists of Japan's PLATEAU (Building_usage), of Germany's AdV and of SIG3D, as far as the
# twin has a word for them.
_PLATEAU_USES = {
    "401": "office", "402": "commercial", "403": "hotel", "404": "commercial", "411": "residential",
    "412": "apartment", "413": "mixed", "414": "mixed", "415": "mixed", "421": "public", "422": "other",
    "431": "transport", "441": "industrial", "451": "farm", "452": "utility", "453": "other", "454": "other",
}  # fmt: skip
_GERMAN_USES = {
    "31001_1": "residential", "31001_112": "mixed", "31001_113": "mixed", "31001_20": "commercial",
    "31001_202": "office", "31001_205": "retail", "31001_207": "hotel", "31001_21": "industrial",
    "31001_214": "warehouse", "31001_24": "transport", "31001_246": "parking", "31001_25": "utility",
    "31001_27": "farm", "31001_30": "public", "31001_301": "public", "31001_302": "school", "31001_3023": "university",
    "31001_303": "culture", "31001_304": "religious", "31001_305": "hospital", "31001_306": "welfare",
    "31001_3071": "police", "31001_3072": "fire_station", "31001_309": "station", "31001_32": "sports",
}  # fmt: skip


def known_use(code: str, code_space: str) -> str | None:
    """The use that a code of a wide-spread list means, also where the list itself is not at hand."""
    if posixpath.basename(code_space) == "Building_usage.xml":
        return _PLATEAU_USES.get(code)
    if code.startswith("31001_"):
        return next((_GERMAN_USES[code[:n]] for n in range(len(code), 6, -1) if code[:n] in _GERMAN_USES), None)
    return None


@dataclass(slots=True)
class CodeLists:
    """The lists beside a file. Those that it names and that were not handed in stand in `missing`."""

    file: CityFile
    missing: dict[str, None] = field(default_factory=dict)
    _lists: dict[str, dict[str, str]] = field(default_factory=dict)

    def word(self, code_space: str, code: str) -> str | None:
        """What a code means; None where its list was not handed in or does not have it."""
        if code_space not in self._lists:
            if len(self._lists) >= _MAX_LISTS:
                return None
            self._lists[code_space] = self._load(code_space)
        return self._lists[code_space].get(code)

    def _load(self, code_space: str) -> dict[str, str]:
        if ":" in code_space or not code_space.lower().endswith(".xml"):
            return {}  # an address or a mere name: nothing is fetched
        found = next((file for path in _places(code_space) if (file := self.file.beside(path))), None)
        if found is None or found.size > _MAX_LIST_BYTES:
            self.missing[code_space[:300]] = None
            return {}
        return _definitions(found)


def _places(code_space: str) -> Iterator[str]:
    """Where a list may stand: where it is said to be, or in a folder `codelists` here or further up."""
    yield code_space
    name = posixpath.basename(code_space)
    for above in range(_LEVELS_ABOVE):
        yield f"{'../' * above}codelists/{name}"


def _definitions(file: CityFile) -> dict[str, str]:
    """Codes and words of a GML dictionary; nothing where it cannot be read."""
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(file.read(), parser)
    except etree.XMLSyntaxError:
        return {}
    found = {}
    for definition in root.iter("{*}Definition"):
        code, word = definition.findtext("{*}name"), definition.findtext("{*}description")
        if code and word:
            found[code.strip()] = word.strip()
    return found
