"""What CityGML says of an object in words and numbers, as plain data for `attributes.normalise`."""

from typing import Any

from lxml.etree import _Element as Element

from twin.mirror.readers.citygml.codes import CodeLists, known_use
from twin.mirror.readers.citygml.names import NIL, level_of, local

_MAX_DEPTH = 4
_GENERIC = "Attribute"
# With which surveys say that they do not know.
_UNKNOWN = {"-9999", "-9999.0", "-9999.00", "Null"}
_UNKNOWN_AT = {
    "storeysAboveGround": {"9999"},
    "storeysBelowGround": {"9999"},
    "yearOfConstruction": {"0001", "1"},
    "surveyYear": {"0001"},
}
_USES = {"usage", "function"}
_METRES = {"m": 1.0, "metre": 1.0, "meter": 1.0, "metres": 1.0, "cm": 0.01, "mm": 0.001, "km": 1000.0, "ft": 0.3048}
# The twin has one of each.
_FIRST_COUNTS = {
    "name", "class", "usage", "function", "address", "measuredHeight", "height", "yearOfConstruction",
    "storeysAboveGround",
}  # fmt: skip
_WHOLE = {"storeysAboveGround", "storeysBelowGround"}


class Properties:
    """Attributes of one object, gathered property by property."""

    def __init__(self, codes: CodeLists) -> None:
        self.codes = codes
        self.raw: dict[str, Any] = {}

    def add(self, element: Element) -> None:
        """Take a property that is no geometry and no part."""
        name = local(element.tag)
        if name == "address":
            self._put("address", _address(element))
        elif name == "height" and len(element):
            self._put("measuredHeight", self._height(element[0]))
        elif name == "genericAttribute":
            for child in element:
                self._add_generic(child)
        elif (name.endswith(_GENERIC) and element.get("name")) or name == "genericAttributeSet":
            self._add_generic(element)
        elif not len(element):
            self._add_leaf(element, name)
        else:
            self._put(name, self._nested(element, 0))

    def _add_leaf(self, element: Element, name: str) -> None:
        value = self._value(element, name)
        self._put(name, value)
        code = (element.text or "").strip()
        if value is not None and value != code and element.get("codeSpace"):
            self._put(f"{name}_code", code)
        if name in _USES and "use" not in self.raw and (use := known_use(code, element.get("codeSpace", ""))):
            self.raw["use"] = use

    def _add_generic(self, element: Element) -> None:
        name = element.get("name") or (element.findtext("{*}name") or "").strip()
        if not name:
            return
        if local(element.tag).lower() == "genericattributeset":
            inner = Properties(self.codes)
            for child in element:
                inner.add(child)
            self._put(name, inner.raw)
            return
        value = next((child for child in element if local(child.tag) == "value"), None)
        if value is not None:
            kind = local(element.tag).lower()
            self._put(name, self._value(value, name, is_number=kind.startswith(("int", "double", "measure"))))

    def _put(self, name: str, value: Any) -> None:
        """A property may come more than once: then its values are a list, or the first counts."""
        if value is None or value == {} or value == "":
            return
        if name in self.raw and name in _FIRST_COUNTS:
            name = f"{name}_other"
        if name not in self.raw:
            self.raw[name] = value
        else:
            before = self.raw[name]
            self.raw[name] = [*before, value] if isinstance(before, list) else [before, value]

    def _value(self, element: Element, name: str, *, is_number: bool = False) -> Any:
        text = (element.text or "").strip()
        if not text or text in _UNKNOWN or text in _UNKNOWN_AT.get(name, ()) or element.get(NIL) in {"true", "1"}:
            return None
        if code_space := element.get("codeSpace"):
            return self.codes.word(code_space, text) or text
        if is_number or name in _WHOLE or element.get("uom") is not None:
            return _number(text, element.get("uom"))
        return text

    def _height(self, height: Element) -> Any:
        value = height.find("{*}value")
        return None if value is None else self._value(value, "height")

    def _nested(self, element: Element, depth: int) -> Any:
        """A property with an object in it: what that says, by the names of its properties."""
        found = Properties(self.codes)
        for child in element:
            if not isinstance(child.tag, str) or level_of(local(child.tag)) or depth >= _MAX_DEPTH:
                continue
            if len(child):
                inner = self._nested(child, depth + 1)
                # The object itself is no name of anything: its properties are the property's.
                if local(child.tag)[:1].isupper() and isinstance(inner, dict):
                    for name, value in inner.items():
                        found._put(name, value)
                else:
                    found._put(local(child.tag), inner)
            else:
                found._add_leaf(child, local(child.tag))
        found.raw.pop("use", None)
        if set(found.raw) >= {"key", "codeValue"}:
            return {str(found.raw["key"]): found.raw["codeValue"]}
        return found.raw


def _number(text: str, unit: str | None) -> Any:
    """A number, lengths in metres; the text as it stands where it is none."""
    try:
        number = float(text)
    except ValueError:
        return text
    factor = _METRES.get((unit or "m").rpartition(":")[2].rpartition("#")[2].rpartition("/")[2].lower(), 1.0)
    number *= factor
    return int(number) if number.is_integer() and "." not in text and "e" not in text.lower() else round(number, 6)


def _address(element: Element) -> str | None:
    """An address in one line, from whichever words it is given in."""
    words = [
        text
        for node in element.iter()
        if isinstance(node.tag, str)
        and not len(node)
        and not level_of(local(node.tag))
        and local(node.tag) not in {"pos", "posList"}
        and (text := (node.text or "").strip())
    ]
    return " ".join(dict.fromkeys(words))[:200] or None
