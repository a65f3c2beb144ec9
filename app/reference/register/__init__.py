"""An office's old register: what its columns and its cells say, by words held as data."""
