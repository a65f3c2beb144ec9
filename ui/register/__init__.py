"""The old register: guessing its columns, correcting, seeing, importing, undoing a whole import."""
