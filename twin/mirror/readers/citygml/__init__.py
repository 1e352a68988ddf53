"""CityGML 1.0, 2.0 and 3.0. https://www.ogc.org/standards/citygml/"""

from twin.mirror.readers.citygml.reader import SUFFIXES, is_xml, read_citygml

__all__ = ["SUFFIXES", "is_xml", "read_citygml"]
