"""The directory of this desk: what was imported, what people here know better, both together."""
