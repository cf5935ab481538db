"""The screens, one file each; with app.py the only rooms that know Streamlit."""

from pathlib import Path

MAIN = Path(__file__).with_name("main.py")
