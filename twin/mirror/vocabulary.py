"""The words of the mirror: what city objects and their uses are called, in the reader's language."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from twin.mirror.features import Kind

KIND_LABELS = {
    Kind.BUILDING: _("Building"),
    Kind.BUILDING_PART: _("Part of a building"),
    Kind.BRIDGE: _("Bridge"),
    Kind.TUNNEL: _("Tunnel"),
    Kind.ROAD: _("Road"),
    Kind.RAILWAY: _("Railway"),
    Kind.SQUARE: pgettext_lazy("city object", "Square"),
    Kind.WATER: _("Water"),
    Kind.PLANT_COVER: _("Green space"),
    Kind.TREE: _("Tree"),
    Kind.LAND_USE: pgettext_lazy("city object", "Land"),
    Kind.FURNITURE: _("Street furniture"),
    Kind.TERRAIN: _("Terrain"),
    Kind.GENERIC: pgettext_lazy("city object", "Other"),
}

# What a building or a piece of land is used for. The keys are stored and served; never rename one.
USE_LABELS = {
    "house": _("Detached house"),
    "apartment": _("Apartments"),
    "residential": _("Housing"),
    "mixed": _("Housing and shops"),
    "commercial": _("Shops and services"),
    "retail": _("Shop"),
    "market": _("Market"),
    "office": _("Offices"),
    "hotel": _("Accommodation"),
    "school": _("School"),
    "kindergarten": _("Kindergarten or day care"),
    "university": _("University"),
    "library": _("Library"),
    "hospital": _("Hospital or clinic"),
    "welfare": _("Welfare facility"),
    "public": _("Public office"),
    "police": _("Police station"),
    "fire_station": _("Fire station"),
    "culture": _("Culture and assembly"),
    "sports": _("Sports facility"),
    "religious": _("Place of worship"),
    "station": _("Station"),
    "transport": _("Transport facility"),
    "parking": _("Car park"),
    "industrial": _("Factory"),
    "warehouse": _("Storehouse"),
    "farm": _("Farm building"),
    "utility": _("Supply facility"),
    "park": _("Park"),
    "playground": _("Playground"),
    "garden": _("Garden"),
    "forest": _("Woodland"),
    "grass": _("Grass"),
    "construction": _("Under construction"),
    "other": pgettext_lazy("use", "Other"),
}

# Source words to the uses above: OpenStreetMap, CityGML code lists in words, Korean registers.
USE_WORDS = {
    "house": "house detached terrace semidetached_house bungalow villa farmhouse 단독주택 다가구주택",
    "apartment": "apartments apartment dormitory flats multi-family 공동주택 아파트 연립주택 다세대주택 기숙사",
    "residential": "residential housing woonfunctie 주택 주거용",
    "mixed": "mixed mixed_use 주상복합",
    "commercial": "commercial winkelfunctie 제1종근린생활시설 제2종근린생활시설 근린생활시설 상업용",
    "retail": "retail shop supermarket store kiosk 판매시설",
    "market": "market marketplace 시장",
    "office": "office offices kantoorfunctie 업무시설",
    "hotel": "hotel motel hostel guest_house logiesfunctie 숙박시설",
    "school": "school academy elementary_school middle_school high_school onderwijsfunctie 교육연구시설 학교",
    "kindergarten": "kindergarten childcare daycare nursery 유치원 어린이집",
    "university": "university college 대학교",
    "library": "library 도서관",
    "hospital": "hospital clinic doctors health gezondheidszorgfunctie 의료시설 병원",
    "welfare": "social_facility nursing_home welfare community_centre senior_centre 노유자시설 복지시설",
    "public": "public civic government townhall city_hall district_office 공공용시설 공공청사",
    "police": "police 경찰서 파출소",
    "fire_station": "fire_station 소방서",
    "culture": "museum theatre cinema arts_centre culture cultural bijeenkomstfunctie 문화및집회시설 문화시설",
    "sports": "sports sports_centre sports_hall stadium gym pitch sportfunctie 운동시설",
    "religious": "church cathedral chapel temple mosque synagogue shrine religious monastery place_of_worship 종교시설",
    "station": "station train_station subway_station halt railway_station 역사",
    "transport": "transport transportation bus_station terminal 운수시설",
    "parking": "parking garage garages carport 주차장 자동차관련시설",
    "industrial": "industrial factory manufacture industriefunctie 공장",
    "warehouse": "warehouse storage_tank storehouse 창고시설",
    "farm": "farm barn greenhouse stable cowshed farm_auxiliary 동물및식물관련시설",
    "utility": "utility service transformer_tower power water_tower 발전시설 방송통신시설",
    "park": "park 공원",
    "playground": "playground 놀이터",
    "garden": "garden 정원",
    "forest": "forest wood scrub 숲 임야",
    "grass": "grass grassland meadow 잔디",
    "construction": "construction 공사중",
    "other": "other 기타",
}
USES = {word: use for use, words in USE_WORDS.items() for word in [use, *words.split()]}
# Words that say "a building" and nothing about its use.
NO_USE = {"yes", "building", "unknown", "none", "null", "-", "unclassified", "overige gebruiksfunctie", "hut", "roof"}


def use_label(use: object) -> str:
    """What a use is called; what is not in the vocabulary is shown as the source has it."""
    return str(USE_LABELS.get(str(use), use)) if use else ""
