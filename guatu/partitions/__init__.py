"""Overlaps of more data than memory: sides cut into parts along a Hilbert curve, part by part on workers."""
