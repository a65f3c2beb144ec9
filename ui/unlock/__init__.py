"""The first window: who is here, and their passphrase. Kept light, it decides the start-up time."""
