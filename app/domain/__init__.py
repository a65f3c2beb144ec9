"""Values, words and rules of the trade; no input or output, no clock, no database."""
