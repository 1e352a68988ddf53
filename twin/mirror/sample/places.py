"""Named spots of the sample district where an idea can sensibly stand.

The plan does not change with the seed, so neither do these; tests hold them to the generated district.
"""

from typing import NamedTuple


class Spot(NamedTuple):
    """A spot in EPSG:5186, metres.

    `kind` is one of square, vacant, parking, park, playground, school, hill, riverside, street, crossing and
    building. `object_id` is the source id of the object that lies there. Streets and crossings have the street's
    direction, in degrees clockwise from grid north; ground has the radius around the spot that is free of buildings and
    within the object.
    """

    key: str
    kind: str
    name: str
    name_en: str
    x: float
    y: float
    object_id: str
    bearing_deg: float = 0.0
    room_m: float = 0.0


SPOTS: tuple[Spot, ...] = (
    Spot("office-square", "square", "가온구청 앞 가온광장", "Gaon Plaza in front of the District Office",
         120901.9, 541619.6, "gaon-plaza", room_m=16.0),
    Spot("office-lawn", "square", "가온광장 잔디마당", "Lawn of Gaon Plaza",
         120895.9, 541655.9, "gaon-plaza-lawn", room_m=19.6),
    Spot("office-forecourt", "square", "가온구청 서쪽 마당", "Western yard of the District Office",
         120849.2, 541735.0, "gaon-district-office-forecourt", room_m=18.2),
    Spot("station-square", "square", "가온역광장", "Gaon Station Square",
         121203.1, 541592.7, "gaon-station-square", room_m=21.5),
    Spot("station-lawn", "square", "가온역광장 잔디마당", "Lawn of Gaon Station Square",
         121207.2, 541545.8, "gaon-station-square-lawn", room_m=24.1),
    Spot("library-yard", "square", "가온도서관 앞마당", "Forecourt of Gaon Library",
         120765.6, 541605.9, "gaon-library-forecourt", room_m=26.2),
    Spot("health-yard", "square", "가온구보건소 앞마당", "Forecourt of the Public Health Centre",
         120699.4, 541594.7, "gaon-health-centre-forecourt", room_m=18.4),
    Spot("old-quarter-lot", "vacant", "은하골목 빈터", "Empty lot in Eunha Alley",
         120797.5, 541391.4, "old-quarter-lot", room_m=11.6),
    Spot("market-lot", "vacant", "가온시장 옆 빈터", "Empty lot by Gaon Market",
         120849.0, 541067.4, "market-lot", room_m=8.2),
    Spot("saebyeok-lot", "vacant", "새벽로 빈터", "Empty lot on Saebyeok-ro",
         120397.3, 540018.6, "saebyeok-lot", room_m=17.2),
    Spot("haeoreum-lot", "vacant", "해오름로 빈터", "Empty lot on Haeoreum-ro",
         121439.0, 540609.7, "haeoreum-lot", room_m=15.1),
    Spot("dalmaji-lot", "vacant", "달맞이로 빈터", "Empty lot on Dalmaji-ro",
         121980.8, 540899.7, "dalmaji-lot", room_m=18.0),
    Spot("seonyeok-lot", "vacant", "서녘로 빈터", "Empty lot on Seonyeok-ro",
         120058.8, 540896.0, "seonyeok-lot", room_m=15.8),
    Spot("market-parking", "parking", "가온시장 공영주차장", "Gaon Market Car Park",
         120657.8, 541108.4, "market-parking-ground", room_m=12.4),
    Spot("station-parking", "parking", "역전 공영주차장", "Yeokjeon Car Park",
         121231.2, 541718.0, "yeokjeon-parking-ground", room_m=12.5),
    Spot("old-quarter-parking", "parking", "은하골목 공영주차장", "Eunha Alley Car Park",
         120747.3, 541290.1, "old-quarter-parking-ground", room_m=15.0),
    Spot("beodeul-park", "park", "버들공원", "Beodeul Park",
         121190.8, 540650.9, "beodeul-park", room_m=27.4),
    Spot("eunhaeng-park", "park", "은행나무공원", "Eunhaengnamu Park",
         121373.0, 541233.5, "eunhaeng-park", room_m=28.1),
    Spot("saebyeok-park", "park", "새벽공원", "Saebyeok Park",
         121309.2, 540152.3, "saebyeok-park", room_m=39.1),
    Spot("bungmun-park", "park", "북문공원", "Bungmun Park",
         120857.2, 541951.6, "bungmun-park", room_m=30.8),
    Spot("seonyeok-park", "park", "서녘공원", "Seonyeok Park",
         120153.5, 540804.7, "seonyeok-park", room_m=25.1),
    Spot("sports-park", "park", "가온체육공원", "Gaon Sports Park",
         120103.0, 541093.7, "gaon-sports-park-ground", room_m=15.6),
    Spot("neutinamu-playpark", "playground", "느티나무어린이공원", "Neutinamu Children's Park",
         120723.0, 541447.9, "neutinamu-playpark", room_m=4.8),
    Spot("kkotdam-playpark", "playground", "꽃담어린이공원", "Kkotdam Children's Park",
         121209.0, 541088.6, "kkotdam-playpark", room_m=5.4),
    Spot("elementary-yard", "school", "가온초등학교 운동장", "Gaon Elementary School yard",
         120528.5, 541069.7, "gaon-elementary-yard", room_m=22.2),
    Spot("middle-yard", "school", "가온중학교 운동장", "Gaon Middle School yard",
         121922.0, 541442.9, "gaon-middle-yard", room_m=20.9),
    Spot("hill-top", "hill", "뫼산 전망마당", "Moesan Lookout",
         120321.0, 541600.3, "gaon-hill-top", room_m=7.1),
    Spot("riverside-market", "riverside", "시장다리 북쪽 둔치", "North riverside by Sijang Footbridge",
         120701.3, 541032.3, "gaon-riverside-north", room_m=3.5),
    Spot("riverside-mulbit", "riverside", "물빛다리 남쪽 둔치", "South riverside by Mulbit Footbridge",
         121060.0, 540908.1, "gaon-riverside-south", room_m=3.5),
    Spot("riverside-bend", "riverside", "가온천 굽이 둔치", "Riverside at the bend",
         120536.1, 540879.2, "gaon-riverside-south", room_m=3.5),
    Spot("riverside-hanbit", "riverside", "한빛교 아래 둔치", "Riverside below Hanbit Bridge",
         121647.1, 541169.6, "gaon-riverside-south", room_m=3.5),
    Spot("riverside-saesol", "riverside", "새솔교 서쪽 둔치", "West riverside by Saesol Bridge",
         120263.4, 540521.1, "gaon-riverside-north", room_m=3.5),
    Spot("market-street", "street", "가온시장길 가운데", "Middle of Gaonsijang-gil",
         120750.3, 541135.7, "gaon-market-street", 93.0),
    Spot("school-crossing", "crossing", "가온초등학교 정문 앞", "In front of Gaon Elementary School",
         120600.9, 541099.9, "gaon-road-17", 177.0),
    Spot("office-crossing", "crossing", "가온구청 앞 가온대로", "Gaon-daero at the District Office",
         120960.2, 541690.0, "gaon-road-01", 179.0),
    Spot("station-crossing", "crossing", "가온역 앞 역전로", "Yeokjeon-ro at Gaon Station",
         121128.4, 541530.0, "gaon-road-05", 180.0),
    Spot("estate-crossing", "crossing", "가온마을 앞 버들로", "Beodeul-ro at Gaon Village",
         120758.7, 540642.0, "gaon-road-12", 81.0),
    Spot("high-school-crossing", "crossing", "가온고등학교 앞 새솔대로", "Saesol-daero at Gaon High School",
         121900.0, 540552.1, "gaon-road-03", 87.0),
    Spot("hospital-crossing", "crossing", "가온병원 앞 구청로", "Gucheong-ro at Gaon Hospital",
         121669.8, 541649.5, "gaon-road-06", 86.0),
    Spot("station-street", "street", "역전로 북쪽", "Northern Yeokjeon-ro",
         121125.8, 541740.0, "gaon-road-05", 179.0),
    Spot("old-quarter-street", "street", "뫼산로 은하골목 어귀", "Moesan-ro at Eunha Alley",
         120678.8, 541399.4, "gaon-road-08", 12.0),
    Spot("riverside-street", "street", "가온천남로 가온마을 앞", "Gaoncheonnam-ro at Gaon Village",
         120760.2, 540916.0, "gaon-road-19", 91.0),
    Spot("library", "building", "가온도서관", "Gaon Library",
         120778.0, 541653.7, "gaon-library"),
    Spot("health-centre", "building", "가온구보건소", "Gaon Public Health Centre",
         120691.4, 541627.3, "gaon-health-centre"),
    Spot("mireu-centre", "building", "미르동 주민센터", "Mireu-dong Community Centre",
         121125.9, 540321.8, "mireu-centre"),
    Spot("gaon-1-centre", "building", "가온1동 주민센터", "Gaon 1-dong Community Centre",
         120820.2, 541483.8, "gaon-1-centre"),
    Spot("youth-centre", "building", "가온청소년센터", "Gaon Youth Centre",
         121376.0, 540833.3, "gaon-youth"),
)  # fmt: skip


def spot(key: str) -> Spot:
    """The spot called `key`."""
    return _BY_KEY[key]


def spots_of(kind: str) -> list[Spot]:
    """All spots of a kind."""
    return [one for one in SPOTS if one.kind == kind]


_BY_KEY = {one.key: one for one in SPOTS}
