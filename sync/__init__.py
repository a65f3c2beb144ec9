"""The exchange of sealed records: no screen, and no SQL on the desk's side."""
