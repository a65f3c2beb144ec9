"""Published files of structures turned into rows of the directory: pure reading and merging.

`reading.read_structures` recognises a file by what it holds, never by its name, and returns what it
read, what it left aside and what it refused, each with its line. Nothing here writes anything.
"""
