"""The encrypted file of a desk: the only place with SQL."""
