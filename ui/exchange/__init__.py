"""The exchange: what has left, what waits, and trying again."""
