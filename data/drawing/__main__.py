"""`python -m data.drawing [folder]`: draw the demonstration map anew, by default into data/geojson."""

from __future__ import annotations

import sys
from pathlib import Path

from data.drawing.files import draw

HOME = Path(__file__).parents[1] / "geojson"

if __name__ == "__main__":
    for path in draw(Path(sys.argv[1]) if len(sys.argv) > 1 else HOME):
        sys.stdout.write(f"{path}\n")
