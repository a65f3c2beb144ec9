"""The preview of a paper, in place: its pages, printing, saving, the text of a message."""
