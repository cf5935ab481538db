"""Papers and files made of one snapshot."""
