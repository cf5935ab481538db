"""How the map tells and paints what is no layer of the catalogue: zones, shared ground, findings."""

from __future__ import annotations

from gis.layer import LEVELS, Field, Paint, Style
from gis.text import Text

ZONES = Text("保护范围", "Protection zones")
RESULTS = Text("占压", "Overlaps")
FINDINGS = Text("检查", "Checks")

ZONE_FIELDS = (
    Field(key="structure", label=Text("保护对象", "Protects")),
    Field(key="rule", label=Text("规则", "Rule")),
    Field(key="distance_m", label=Text("距离", "Distance"), kind="number", unit="m"),
    Field(key="clause", label=Text("条款", "Clause")),
    Field(key="source", label=Text("来源", "Source")),
    Field(
        key="sure",
        label=Text("是否核实", "How sure"),
        choices={"confirmed": Text("已核", "confirmed"), "unconfirmed": Text("待核", "to be confirmed")},
    ),
    Field(
        key="approximate",
        label=Text("说明", "Note"),
        choices={"yes": Text("以点为基础,范围为近似", "Based on a point: approximate")},
    ),
)
OVERLAP_FIELDS = (
    Field(key="left", label=Text("要素", "Feature")),
    Field(key="right", label=Text("与之重叠", "Overlapped by")),
    Field(key="share_of_left", label=Text("占前者", "Share of the first"), kind="number", unit="percent"),
    Field(key="share_of_right", label=Text("占后者", "Share of the second"), kind="number", unit="percent"),
)
FINDING_FIELDS = (
    Field(key="level", label=Text("级别", "Level"), choices={str(level): words for level, words in LEVELS.items()}),
    Field(key="says", label=Text("问题", "Finding")),
    Field(key="rule", label=Text("规则", "Rule")),
)

ZONE_STYLE = Style(paint=Paint(colour="#9C2F6B", fill="#9C2F6B", weight=1.5, fill_opacity=0.1, dash="6 4"))
OVERLAP_STYLE = Style(paint=Paint(colour="#8C1D18", fill="#D7301F", weight=3, fill_opacity=0.35, hatch="x", radius=10))
FINDING_STYLE = Style(
    paint=Paint(colour="#A11C1C", fill="#A11C1C", weight=3, fill_opacity=0.3, radius=9),
    by="level",
    classes={
        "error": Paint(colour="#A11C1C", fill="#A11C1C", weight=3, fill_opacity=0.35, radius=9),
        "warning": Paint(colour="#B35A00", fill="#E69F00", weight=3, fill_opacity=0.35, radius=9, dash="7 4"),
        "notice": Paint(colour="#4D4D4D", fill="#BDBDBD", weight=2, fill_opacity=0.35, radius=9, dash="2 4"),
    },
)
