"""Papers in French: what the desk read, put in the words that are printed. No Qt."""
