"""Two small charts as SVG, both axes logarithmic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

import numpy as np

WIDTH, HEIGHT, EDGE, LEGEND = 430, 300, 54, 24
COLOURS = "#d7301f", "#0868ac", "#31a354", "#756bb1", "#636363"  # ours first; told apart by the colour-blind as well
Points = list[tuple[float, float]]
Span = tuple[float, float]


def svg(charts: Mapping[str, Mapping[str, Points]]) -> str:
    """Return charts side by side: title → line's name → points (x, y), all above zero."""
    names = list(dict.fromkeys(name for lines in charts.values() for name in lines))
    colour = dict(zip(names, COLOURS, strict=False))
    width, height = WIDTH * len(charts), HEIGHT + LEGEND * len(names)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"',
        ' font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for place, (title, lines) in enumerate(charts.items()):
        parts += [f'<g transform="translate({place * WIDTH} 0)">', *_chart(title, lines, colour), "</g>"]
    for row, name in enumerate(names):
        y = HEIGHT + LEGEND * row
        parts.append(f'<path d="M{EDGE} {y}h24" stroke="{colour[name]}" stroke-width="2"/>')
        parts.append(f'<text x="{EDGE + 32}" y="{y + 4}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>\n"])


def _chart(title: str, lines: Mapping[str, Points], colour: Mapping[str, str]) -> Iterable[str]:
    points = [point for line in lines.values() for point in line]
    across, up = (_decades([point[axis] for point in points]) for axis in (0, 1))
    yield f'<text x="{EDGE}" y="20" font-weight="bold">{escape(title)}</text>'
    for power in range(int(across[0]), int(across[1]) + 1):
        x = _place(10.0**power, across, EDGE, WIDTH - 20)
        yield f'<path d="M{x:.1f} 32V{HEIGHT - 40}" stroke="#ddd"/>'
        yield f'<text x="{x:.1f}" y="{HEIGHT - 24}" text-anchor="middle">{10**power:,}</text>'
    for power in range(int(up[0]), int(up[1]) + 1):
        y = _place(10.0**power, up, HEIGHT - 40, 32)
        yield f'<path d="M{EDGE} {y:.1f}H{WIDTH - 20}" stroke="#ddd"/>'
        yield f'<text x="{EDGE - 6}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g}</text>'
    for name, line in lines.items():
        at = [(_place(x, across, EDGE, WIDTH - 20), _place(y, up, HEIGHT - 40, 32)) for x, y in line]
        way = "L".join(f"{x:.1f} {y:.1f}" for x, y in at)
        yield f'<path d="M{way}" fill="none" stroke="{colour[name]}" stroke-width="2"/>'
        yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour[name]}"/>' for x, y in at)


def _decades(values: list[float]) -> Span:
    """Return the powers of ten around the values."""
    least, most = np.log10(min(values)), np.log10(max(values))
    return float(np.floor(least)), float(max(np.ceil(most), np.floor(least) + 1))


def _place(value: float, span: Span, start: float, end: float) -> float:
    return start + (float(np.log10(value)) - span[0]) / (span[1] - span[0]) * (end - start)
