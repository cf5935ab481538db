"""The demonstration map of 河海街道: drawn, never surveyed; `python -m data.drawing` draws it anew.

Everything is drawn in metres on a local plane (`plane`), then taken to CGCS2000 degrees and written.
"""
