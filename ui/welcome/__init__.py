"""The first morning: making the workspace of a structure."""
