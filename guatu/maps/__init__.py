"""Frames to a Folium map, every asset served from here; the only room that knows Folium."""
