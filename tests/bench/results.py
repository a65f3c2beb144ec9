"""Writes what was measured into RESULTS.md: one section a measure, replaced each time it is run."""

import datetime as dt
import os
import platform
import re
from collections.abc import Sequence
from pathlib import Path

ALONE = 1.5
"""Load of a machine that does nothing but measure."""

RESULTS = Path(__file__).with_name("RESULTS.md")


def record(title: str, command: str, rows: Sequence[Sequence[str]], *, note: str = "") -> str:
    """Replace the section of that title and return its text.

    Args:
        title: what was measured.
        command: how to measure it again.
        rows: the table, its head first.
        note: what the figures do not say.
    """
    head, *body = rows
    table = [_line(head), _line(["---"] * len(head)), *(_line(row) for row in body)]
    day = dt.datetime.now(dt.UTC).date().isoformat()
    said = f"{day}, {_machine()}, `{command}`"
    section = "\n".join([f"## {title}", "", said, "", *table, "", note, ""]).rstrip() + "\n"
    text = RESULTS.read_text("utf-8") if RESULTS.exists() else "# Measures\n"
    former = re.compile(rf"## {re.escape(title)}\n.*?(?=\n## |\Z)", re.DOTALL)
    text = former.sub("", text).rstrip() + "\n\n" + section
    RESULTS.write_text(text, encoding="utf-8")
    return section


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _machine() -> str:
    cores, python = os.cpu_count(), platform.python_version()
    return f"{platform.system()} {platform.machine()}, {cores} cores{_load()}, Python {python}"


def _load() -> str:
    """Say what else the machine was doing, when it was: figures then are those of a shared one."""
    if not hasattr(os, "getloadavg") or (load := os.getloadavg()[1]) <= ALONE:
        return ""
    return f" shared with other work (load {load:.1f})"
