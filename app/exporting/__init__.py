"""Lists as files that a spreadsheet opens: exactly what was shown, and nothing that acts."""
