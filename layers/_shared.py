"""Words that several layers share: groups, sources, and the field every demonstration layer bears."""

from gis.layer import Field
from gis.text import Text

LAND = Text("土地", "Land")
RIVERS = Text("河道", "Rivers")
RAIL = Text("轨道交通", "Rail")
BASE = Text("底图", "Base map")

REPORT_2017 = Text("河海街道 2017 年工作报告", "Work report of Hehai Subdistrict, 2017")
DRAWN = Text("示意绘制,非实测", "Drawn as a scheme, not surveyed")

SOURCE = Field(key="source", label=Text("来源", "Source"))
NOTE = Field(key="note", label=Text("备注", "Note"))
ALIASES = Field(key="aliases", label=Text("别名", "Also known as"))

RIVER = Field(
    key="river",
    label=Text("河道", "River"),
    required=True,
    choices={
        name: Text(name, en)
        for name, en in (
            ("汇丰河", "Huifeng River"),
            ("柴支浜", "Chaizhi Creek"),
            ("藻江河", "Zaojiang River"),
        )
    },
)
BRANCH = Field(
    key="branch",
    label=Text("干支流", "Stem or branch"),
    required=True,
    choices={"stem": Text("干流", "main stem"), "south": Text("南支", "south branch")},
)
LEVEL = Field(
    key="level",
    label=Text("河道级别", "Level of the river"),
    required=True,
    choices={
        "city": Text("市级", "city"),
        "district": Text("区级", "district"),
        "street": Text("街道级", "subdistrict"),
    },
)
