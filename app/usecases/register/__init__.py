"""The office's old register: previewed, imported whole, listed, undone whole."""
