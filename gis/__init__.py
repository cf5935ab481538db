"""The engine: geometry in, numbers out; no file, no screen, no layer by name."""
