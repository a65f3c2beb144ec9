"""Today: what was done since this morning, what waits for somebody, and the way to receive."""
