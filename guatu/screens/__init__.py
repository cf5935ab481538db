"""The screens: with app.py the only rooms that know Streamlit."""
