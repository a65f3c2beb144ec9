"""The regional relay: it keeps sealed bundles it cannot read, and hands them to who may know."""
