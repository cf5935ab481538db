"""Survey files in and out."""
