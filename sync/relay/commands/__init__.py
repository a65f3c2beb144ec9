"""The commands of `deux-portes-relay`, one module each; `opening` is what they share."""
