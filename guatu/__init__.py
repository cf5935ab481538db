"""The office around the engine: its screens, maps, files and papers."""
