"""Answers whose head came whole: one cut short reads like another, shorter answer.

Python's client takes the end of a connection for the end of the headers: `http.client` stops at an
empty line or at nothing. A greeting cut within its signature would then be a stranger's, and the
relay be called another, where only the link was cut.
"""

import http.client
from typing import Any


class WholeHead(http.client.HTTPResponse):
    """An answer that is refused as a cut of the link when its head has no end.

    Raises:
        ConnectionResetError: from `begin`, as for a link cut before anything came.
    """

    def begin(self) -> None:
        """Read the status and the headers."""
        lines = _Lines(self.fp)
        self.fp: Any = lines
        try:
            super().begin()
        finally:
            if self.fp is lines:
                self.fp = lines.inner
        if lines.last not in {b"\r\n", b"\n"}:
            message = "the head of an answer was cut"
            raise ConnectionResetError(message)


class _Lines:
    """A stream that remembers its last line; everything else is that of the stream."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.last = b""

    def readline(self, limit: int = -1) -> bytes:
        self.last = self.inner.readline(limit)
        return self.last

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)
