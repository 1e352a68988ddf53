"""The district's master plan, drawn by hand: what lies where, whatever the seed.

Coordinates are metres east and north of the plan's south-western corner; `ORIGIN` places that corner in EPSG:5186.
The seed varies what stands on the plan, never the plan itself, so that named places keep their coordinates.
"""

from typing import NamedTuple

EPSG = 5186
# The corner lies in the open Yellow Sea at Seoul's latitude: the sun is Seoul's, and no real district is covered.
ORIGIN = (120_000.0, 540_000.0)
SIZE = 2000.0
PLAN_SEED = 1988

Points = tuple[tuple[float, float], ...]


class Thoroughfare(NamedTuple):
    """A road of the plan, by its control points in the direction of its house numbers."""

    stem: str
    stem_en: str
    suffix: str
    road_class: str
    width_m: float
    lanes: int
    points: Points

    @property
    def name(self) -> str:
        """The Korean name."""
        return self.stem + self.suffix

    @property
    def name_en(self) -> str:
        """The romanised name."""
        return f"{self.stem_en}-{ {'대로': 'daero', '로': 'ro', '길': 'gil'}[self.suffix] }"


class Zone(NamedTuple):
    """What the superblock around a point is used for."""

    x: float
    y: float
    use: str
    name: str = ""
    name_en: str = ""


class Site(NamedTuple):
    """A named place. It takes the cell or lot of the street plan at its point."""

    key: str
    level: str  # "cell", "lot", or "half" for a part of a lot
    x: float
    y: float
    kind: str
    name: str
    name_en: str


RIVER: Points = (
    (2080, 1340), (1850, 1322), (1640, 1230), (1450, 1070), (1220, 960), (980, 950), (750, 1000), (540, 955),
    (390, 800), (320, 590), (290, 390), (190, 190), (130, -80),
)  # fmt: skip
RIVER_NAME, RIVER_NAME_EN = "가온천", "Gaoncheon Stream"
CHANNEL_HALF = 20.0  # half the width of the water
TERRACE_HALF = 50.0  # to the foot of the levee: the riverside park
LEVEE_HALF = 64.0  # to the top of the levee, where the riverside roads begin

HILL_CENTRE = (325.0, 1600.0)
HILL_RADIUS = 300.0
HILL_NAME, HILL_NAME_EN = "뫼산", "Moesan Hill"
RIDGE_CENTRE = (110.0, 1935.0)  # the hill runs on beyond the district's corner
RIDGE_RADIUS = 270.0
KNOLL_CENTRE = (1860.0, 250.0)
KNOLL_RADIUS = 120.0

RAILWAY: Points = (
    (1316, 2060), (1300, 1800), (1292, 1600), (1294, 1400), (1312, 1180), (1300, 930), (1256, 620), (1240, 300),
    (1244, -60),
)  # fmt: skip
RAILWAY_NAME, RAILWAY_NAME_EN = "가온선", "Gaon Line"
RAILWAY_WIDTH = 11.0
RAILWAY_CORRIDOR = 18.0
STATION_SPAN = (1415.0, 1575.0)  # northings of the platforms

THOROUGHFARES: tuple[Thoroughfare, ...] = (
    Thoroughfare("가온", "Gaon", "대로", "arterial", 34, 6, (
        (884, -30), (852, 250), (850, 520), (876, 760), (896, 960), (930, 1240), (958, 1500), (962, 1750),
        (940, 2030),
    )),
    Thoroughfare("누리", "Nuri", "대로", "arterial", 30, 6, (
        (-30, 1118), (230, 1140), (520, 1172), (720, 1196), (930, 1240), (1130, 1310), (1300, 1372),
        (1500, 1430), (1740, 1500), (2030, 1560),
    )),
    Thoroughfare("새솔", "Saesol", "대로", "arterial", 30, 6, (
        (-30, 520), (150, 496), (306, 470), (560, 440), (862, 440), (1240, 470), (1700, 540), (2030, 560),
    )),
    Thoroughfare("한빛", "Hanbit", "로", "arterial", 26, 4, (
        (1650, -30), (1676, 200), (1716, 380), (1722, 560), (1690, 860), (1706, 1260), (1740, 1500),
        (1764, 1760), (1740, 2030),
    )),
    Thoroughfare("역전", "Yeokjeon", "로", "collector", 20, 4, (
        (1118, 1014), (1128, 1180), (1130, 1310), (1128, 1620), (1124, 1840), (1150, 2030),
    )),
    Thoroughfare("구청", "Gucheong", "로", "collector", 20, 4, (
        (676, 1540), (800, 1572), (960, 1604), (1128, 1622), (1292, 1630), (1500, 1642), (1752, 1652),
        (2030, 1720),
    )),
    Thoroughfare("북문", "Bungmun", "로", "collector", 16, 3, (
        (604, 1790), (760, 1810), (960, 1826), (1124, 1846), (1300, 1850), (1540, 1826), (1764, 1840),
        (2030, 1896),
    )),
    Thoroughfare("뫼산", "Moesan", "로", "collector", 15, 2, (
        (592, 1180), (650, 1300), (690, 1430), (680, 1560), (630, 1700), (604, 1790), (570, 1900), (580, 2030),
    )),
    Thoroughfare("다솜", "Dasom", "로", "collector", 18, 3, (
        (566, -30), (510, 130), (520, 300), (556, 440), (610, 600), (640, 740), (640, 912),
    )),
    Thoroughfare("미르", "Mireu", "로", "collector", 16, 2, (
        (1016, -30), (1026, 110), (1066, 280), (1052, 454), (1030, 600), (1054, 760), (1092, 880),
    )),
    Thoroughfare("해오름", "Haeoreum", "로", "collector", 18, 3, (
        (1420, -30), (1440, 120), (1500, 300), (1494, 508), (1450, 700), (1424, 850), (1460, 1014),
    )),
    Thoroughfare("버들", "Beodeul", "로", "collector", 18, 3, (
        (440, 700), (520, 690), (620, 640), (740, 634), (874, 672), (1044, 712), (1266, 716), (1450, 704),
        (1696, 752), (1840, 800), (2030, 826),
    )),
    Thoroughfare("새벽", "Saebyeok", "로", "collector", 16, 2, (
        (276, 262), (400, 224), (516, 196), (700, 180), (854, 212), (1052, 262), (1244, 262), (1470, 206),
        (1674, 178), (1760, 130), (1900, 116), (2030, 150),
    )),
    Thoroughfare("달맞이", "Dalmaji", "로", "collector", 15, 2, (
        (1846, 1262), (1862, 1060), (1826, 900), (1840, 800), (1870, 690), (1846, 540), (1770, 430), (1716, 380),
    )),
    Thoroughfare("은행나무", "Eunhaengnamu", "로", "collector", 14, 2, (
        (1530, 1226), (1544, 1330), (1500, 1430), (1490, 1540), (1504, 1640), (1540, 1826), (1520, 2030),
    )),
    Thoroughfare("서녘", "Seonyeok", "로", "collector", 14, 2, (
        (146, 496), (170, 640), (250, 800), (270, 960), (240, 1140),
    )),
    Thoroughfare("시장", "Sijang", "로", "collector", 14, 2, (
        (590, 1182), (604, 1090), (594, 1046),
    )),
)  # fmt: skip
# Riverside roads run along the levee tops, offset from the stream's centre line.
RIVERSIDE_OFFSET = LEVEE_HALF + 8.0
RIVERSIDE_NORTH = ("가온천북", "Gaoncheonbuk")
RIVERSIDE_SOUTH = ("가온천남", "Gaoncheonnam")
RIVERSIDE_WIDTH = 13.0

# A block that no point of this list lies in is a quarter of villas.
ZONES: tuple[Zone, ...] = (
    Zone(740, 790, "apartments", "가온마을", "Gaon Village"),
    Zone(740, 540, "apartments", "다솜마을", "Dasom Village"),
    Zone(950, 560, "apartments", "미르마을", "Mireu Village"),
    Zone(980, 800, "apartments", "물빛마을", "Mulbit Village"),
    Zone(1600, 930, "apartments", "해오름마을", "Haeoreum Village"),
    Zone(1770, 960, "apartments", "한빛마을", "Hanbit Village"),
    Zone(1880, 1790, "apartments", "북문마을", "Bungmun Village"),
    Zone(1630, 1750, "apartments", "은행나무마을", "Eunhaengnamu Village"),
    Zone(940, 330, "apartments", "새솔마을", "Saesol Village"),
    Zone(1590, 360, "apartments", "새벽마을", "Saebyeok Village"),
    Zone(1600, 1350, "apartments", "강바람마을", "Gangbaram Village"),
    Zone(1590, 600, "apartments", "달맞이마을", "Dalmaji Village"),
    Zone(960, 80, "apartments", "남산마을", "Namsan Village"),
    Zone(1408, 1745, "apartments", "역전마을", "Yeokjeon Village"),
    Zone(1645, 1945, "apartments", "솔빛마을", "Solbit Village"),
    Zone(1880, 1625, "apartments", "누리마을", "Nuri Village"),
    Zone(1590, 60, "apartments", "햇살마을", "Haetsal Village"),
    Zone(1147, 71, "apartments", "들꽃마을", "Deulkkot Village"),
    Zone(1887, 1940, "apartments", "산마루마을", "Sanmaru Village"),
    Zone(710, 90, "apartments", "배꽃마을", "Baekkot Village"),
    Zone(1043, 1433, "commercial"),
    Zone(1211, 1460, "commercial"),
    Zone(1398, 1504, "commercial"),
    Zone(1046, 1704, "midrise"),
    Zone(1619, 1534, "midrise"),
    Zone(1020, 1170, "midrise"),
    Zone(1212, 1739, "midrise"),
    Zone(750, 1110, "market"),
    Zone(799, 1689, "civic"),
    Zone(801, 1396, "old"),
    Zone(65, 237, "industry"),
    Zone(1930, 640, "industry"),
)
# Which complexes are high point blocks; the others are slabs of the eighties and nineties in parallel rows.
TOWERS = frozenset({"가온마을", "물빛마을", "강바람마을", "은행나무마을", "한빛마을", "누리마을", "달맞이마을"})

SITES: tuple[Site, ...] = (
    Site("gaon-district-office", "cell", 895, 1753, "district_office", "가온구청", "Gaon District Office"),
    Site("gaon-plaza", "cell", 900, 1653, "plaza", "가온광장", "Gaon Plaza"),
    Site("gaon-library", "cell", 798, 1629, "library", "가온도서관", "Gaon Library"),
    Site("gaon-arts-hall", "cell", 786, 1744, "arts_hall", "가온문화회관", "Gaon Arts Hall"),
    Site("gaon-health-centre", "cell", 702, 1614, "health", "가온구보건소", "Gaon Public Health Centre"),
    Site("gaon-fire-station", "cell", 683, 1731, "fire", "가온소방서", "Gaon Fire Station"),
    Site("gaon-station", "cell", 1211, 1537, "station", "가온역", "Gaon Station"),
    Site("gaon-sky", "cell", 1342, 1572, "mixed_towers", "가온스카이", "Gaon Sky"),
    Site("gaon-hospital", "cell", 1680, 1560, "hospital", "가온병원", "Gaon Hospital"),
    Site("gaon-elementary", "cell", 500, 1085, "school", "가온초등학교", "Gaon Elementary School"),
    Site("moesan-elementary", "cell", 187, 941, "school", "뫼산초등학교", "Moesan Elementary School"),
    Site("saesol-elementary", "cell", 1110, 519, "school", "새솔초등학교", "Saesol Elementary School"),
    Site("bungmun-elementary", "cell", 1225, 1960, "school", "북문초등학교", "Bungmun Elementary School"),
    Site("saebyeok-elementary", "cell", 673, 252, "school", "새벽초등학교", "Saebyeok Elementary School"),
    Site("gaon-middle", "cell", 1932, 1478, "school", "가온중학교", "Gaon Middle School"),
    Site("mireu-middle", "cell", 1304, 292, "school", "미르중학교", "Mireu Middle School"),
    Site("gaon-high", "cell", 1932, 458, "school", "가온고등학교", "Gaon High School"),
    Site("hanbit-high", "cell", 172, 1193, "school", "한빛고등학교", "Hanbit High School"),
    Site("beodeul-park", "cell", 1211, 657, "park", "버들공원", "Beodeul Park"),
    Site("eunhaeng-park", "cell", 1481, 1263, "park", "은행나무공원", "Eunhaengnamu Park"),
    Site("seonyeok-park", "cell", 182, 821, "park", "서녘공원", "Seonyeok Park"),
    Site("saebyeok-park", "cell", 1297, 195, "park", "새벽공원", "Saebyeok Park"),
    Site("bungmun-park", "cell", 861, 1960, "park", "북문공원", "Bungmun Park"),
    Site("dalmaji-park", "cell", 1929, 1188, "park", "달맞이공원", "Dalmaji Park"),
    Site("gaon-plaza-mall", "lot", 1046, 1330, "mall", "가온프라자", "Gaon Plaza Mall"),
    Site("gaon-post-office", "half", 985, 1530, "post", "가온우체국", "Gaon Post Office"),
    Site("gaon-sports-park", "cell", 58, 1064, "sports", "가온체육공원", "Gaon Sports Park"),
    Site("gaon-1-centre", "half", 835, 1490, "community", "가온1동 주민센터", "Gaon 1-dong Community Centre"),
    Site("gaon-2-centre", "half", 1210, 1190, "community", "가온2동 주민센터", "Gaon 2-dong Community Centre"),
    Site("seonyeok-centre", "half", 150, 700, "community", "서녘동 주민센터", "Seonyeok-dong Community Centre"),
    Site("saesol-centre", "half", 470, 650, "community", "새솔동 주민센터", "Saesol-dong Community Centre"),
    Site("mireu-centre", "half", 1130, 330, "community", "미르동 주민센터", "Mireu-dong Community Centre"),
    Site("haeoreum-centre", "half", 1350, 800, "community", "해오름동 주민센터", "Haeoreum-dong Community Centre"),
    Site("bungmun-centre", "half", 1420, 1940, "community", "북문동 주민센터", "Bungmun-dong Community Centre"),
    Site("hanbit-centre", "half", 1930, 1040, "community", "한빛동 주민센터", "Hanbit-dong Community Centre"),
    Site("saebyeok-centre", "half", 420, 140, "community", "새벽동 주민센터", "Saebyeok-dong Community Centre"),
    Site("yeokjeon-police-box", "half", 1170, 1420, "police", "역전파출소", "Yeokjeon Police Box"),
    Site("saesol-police-box", "half", 400, 400, "police", "새솔파출소", "Saesol Police Box"),
    Site("bungmun-police-box", "half", 1070, 1900, "police", "북문파출소", "Bungmun Police Box"),
    Site("gaon-church", "half", 560, 650, "church", "가온교회", "Gaon Church"),
    Site("mireu-church", "half", 1180, 400, "church", "미르교회", "Mireu Church"),
    Site("haeoreum-church", "half", 1390, 610, "church", "해오름성당", "Haeoreum Catholic Church"),
    Site("bungmun-church", "half", 760, 1900, "church", "북문교회", "Bungmun Church"),
    Site("moesan-temple", "half", 420, 1290, "temple", "뫼산사", "Moesansa Temple"),
    Site("market-parking", "half", 680, 1084, "parking", "가온시장 공영주차장", "Gaon Market Car Park"),
    Site("yeokjeon-parking", "half", 1240, 1720, "parking", "역전 공영주차장", "Yeokjeon Car Park"),
    Site("old-quarter-parking", "half", 745, 1320, "parking", "은하골목 공영주차장", "Eunha Alley Car Park"),
    Site("old-quarter-lot", "half", 790, 1400, "vacant", "은하골목 빈터", "Eunha Alley Empty Lot"),
    Site("market-lot", "half", 850, 1065, "vacant", "시장 옆 빈터", "Empty Lot by the Market"),
    Site("saebyeok-lot", "lot", 400, 120, "vacant", "새벽로 빈터", "Saebyeok-ro Empty Lot"),
    Site("haeoreum-lot", "half", 1420, 620, "vacant", "해오름로 빈터", "Haeoreum-ro Empty Lot"),
    Site("dalmaji-lot", "lot", 1930, 900, "vacant", "달맞이로 빈터", "Dalmaji-ro Empty Lot"),
    Site("seonyeok-lot", "half", 60, 880, "vacant", "서녘로 빈터", "Seonyeok-ro Empty Lot"),
    Site("saesol-gas", "half", 500, 470, "gas", "새솔주유소", "Saesol Filling Station"),
    Site("nuri-gas", "half", 1370, 450, "gas", "누리주유소", "Nuri Filling Station"),
    Site("hanbit-gas", "half", 1765, 440, "gas", "한빛주유소", "Hanbit Filling Station"),
    Site("neutinamu-playpark", "half", 720, 1440, "park", "느티나무어린이공원", "Neutinamu Children's Park"),
    Site("kkotdam-playpark", "half", 1180, 1110, "park", "꽃담어린이공원", "Kkotdam Children's Park"),
    Site("haennim-playpark", "half", 450, 560, "park", "햇님어린이공원", "Haennim Children's Park"),
    Site("byeolnim-playpark", "half", 450, 330, "park", "별님어린이공원", "Byeolnim Children's Park"),
    Site("mujigae-playpark", "half", 1340, 870, "park", "무지개어린이공원", "Mujigae Children's Park"),
    Site("haneul-playpark", "half", 1930, 960, "park", "하늘어린이공원", "Haneul Children's Park"),
    Site("jongdalsae-playpark", "half", 700, 1870, "park", "종달새어린이공원", "Jongdalsae Children's Park"),
    Site("dallae-playpark", "half", 90, 600, "park", "달래어린이공원", "Dallae Children's Park"),
    Site("solbaram-playpark", "half", 1200, 330, "park", "솔바람어린이공원", "Solbaram Children's Park"),
    Site("deulgukhwa-playpark", "half", 1060, 1940, "park", "들국화어린이공원", "Deulgukhwa Children's Park"),
    Site("noeul-playpark", "half", 110, 1230, "park", "노을어린이공원", "Noeul Children's Park"),
    Site("maru-playpark", "half", 1790, 620, "park", "마루어린이공원", "Maru Children's Park"),
    Site("saebom-playpark", "half", 480, 740, "park", "새봄어린이공원", "Saebom Children's Park"),
    Site("sanbit-playpark", "half", 560, 1330, "park", "산빛어린이공원", "Sanbit Children's Park"),
    Site("gangbyeon-playpark", "half", 1400, 1180, "park", "강변어린이공원", "Gangbyeon Children's Park"),
    Site("gaon-kindergarten", "half", 240, 600, "kindergarten", "가온유치원", "Gaon Kindergarten"),
    Site("haeoreum-kindergarten", "half", 1360, 1230, "kindergarten", "해오름유치원", "Haeoreum Kindergarten"),
    Site("dasom-kindergarten", "half", 480, 260, "kindergarten", "다솜유치원", "Dasom Kindergarten"),
    Site("seonyeok-library", "half", 90, 1000, "small_library", "서녘작은도서관", "Seonyeok Small Library"),
    Site("gaon-seniors", "lot", 360, 1060, "seniors", "가온노인복지관", "Gaon Senior Centre"),
    Site("gaon-youth", "half", 1380, 840, "seniors", "가온청소년센터", "Gaon Youth Centre"),
)
