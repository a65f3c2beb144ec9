"""The desk without screen or network: words, rules, store, matching, reference data."""
