"""The directory: who receives whom, open when, how far; corrected and imported here."""
