"""河长制河段: the centre lines cut by chainage, each piece with its chiefs by office, never by name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from shapely import LineString
from shapely.ops import substring

from data.drawing.plane import beside, longest
from data.drawing.rivers import BY_KEY, River

SOURCE = "河海街道 2017 年工作报告(河名);分段和河长职务为示意"
CITY, DISTRICT, STREET = "市级河长", "区级河长", "街道河长"


@dataclass(frozen=True)
class Reach:
    """A reach that begins at `start_m` and ends where the next begins."""

    start_m: float
    community: str
    banks: tuple[str, ...] = ("both",)
    street: str | None = STREET
    part: str = ""
    note: str | None = None


REACHES = {
    "汇丰河": (Reach(0, "沿线社区一"), Reach(1050, "沿线社区二"), Reach(2130, "沿线社区三")),
    "柴支浜": (
        Reach(0, "国宾社区"),
        Reach(830, "燕兴社区"),
        Reach(1660, "兰翔社区"),
        Reach(2490, "沿线社区四"),
        Reach(3330, "沿线社区五", note="五个社区分段负责见《柴支浜整治记》,分界为示意"),
    ),
    "柴支浜南支": (Reach(0, "兰翔社区", part="兰翔新村上段"), Reach(520, "兰翔社区", part="兰翔新村下段")),
    "藻江河": (
        Reach(0, "沿线社区六"),
        Reach(900, "沿线社区六", banks=("left", "right"), note="两岸分属两个责任段,桩号相同"),
        Reach(1800, "沿线社区七"),
        Reach(2700, "沿线社区八", street=None, note="街道河长有意留空,供检查演示"),
    ),
}
BANK_NAMES = {"both": "", "left": " 左岸", "right": " 右岸"}


def chainage(metres: float) -> str:
    """Write a distance from the source as chainage: 830 is K0+830."""
    return f"K{int(metres) // 1000}+{round(metres) % 1000:03d}"


def cut(river: River, start_m: float, end_m: float, bank: str = "both") -> LineString:
    """Return a piece of the centre line, or of the edge of the left or right bank looking downstream."""
    middle = longest(substring(river.line, start_m, min(end_m, river.length)))
    if bank == "both":
        return middle
    along = np.linspace(start_m, end_m, int((end_m - start_m) / 20) + 1)
    aside = river.half_width(along) * (1 if bank == "left" else -1)
    return LineString(beside(river.line, along, aside))


def features() -> list[dict[str, object]]:
    """Return the rows of the layer `river_segments`."""
    rows = [
        _row(BY_KEY[key], reach, end_m, bank)
        for key, reaches in REACHES.items()
        for reach, end_m in zip(reaches, _ends_m(key), strict=True)
        for bank in reach.banks
    ]
    return [{"segment_id": f"SG-{number:02d}", **row} for number, row in enumerate(rows, 1)]


def _ends_m(key: str) -> list[float]:
    return [*(reach.start_m for reach in REACHES[key][1:]), round(BY_KEY[key].length, 1)]


def _row(river: River, reach: Reach, end_m: float, bank: str) -> dict[str, object]:
    part = f"({reach.part})" if reach.part else ""
    return {
        "name": f"{river.key} {chainage(reach.start_m)}–{chainage(end_m)}{BANK_NAMES[bank]}{part}",
        "river": river.name,
        "branch": river.branch,
        "aliases": river.aliases,
        "bank": bank,
        "from_m": reach.start_m,
        "to_m": end_m,
        "width_m": river.width_m,
        "level": river.level,
        "chief_city": CITY if river.level == "city" else None,
        "chief_district": DISTRICT if river.level in {"city", "district"} else None,
        "chief_street": reach.street,
        "chief_community": f"{reach.community}主任(段长)" if river.key != "藻江河" else None,
        "source": SOURCE,
        "note": reach.note,
        "geometry": cut(river, reach.start_m, end_m, bank),
    }
