"""The Region's ceremonies: the authority's key, and what it certifies."""
