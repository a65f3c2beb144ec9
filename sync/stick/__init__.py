"""The exchange by a stick: the same bundles and statements, in files, without a relay."""
