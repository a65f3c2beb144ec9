"""The system's own windows: which file to open, where to save, on which printer."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QPagedPaintDevice
from PySide6.QtWidgets import QFileDialog, QWidget


def _open_file(over: QWidget, title: str, kinds: str) -> str:
    return QFileDialog.getOpenFileName(over, title, "", kinds)[0]


def _save_file(over: QWidget, title: str, name: str, kinds: str) -> str:
    return QFileDialog.getSaveFileName(over, title, str(Path.home() / name), kinds)[0]


def _choose_printer(over: QWidget) -> QPagedPaintDevice | None:
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter()
    chosen = QPrintDialog(printer, over).exec()
    return printer if chosen else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogs:
    """Asks with windows of the system.

    Attributes:
        open_file: over a window, with a title and kinds of files; "" when none was chosen.
        save_file: over a window, with a title, a name and kinds of files; "" when none was chosen.
        choose_printer: over a window; None when none was chosen.
    """

    open_file: Callable[[QWidget, str, str], str] = _open_file
    save_file: Callable[[QWidget, str, str, str], str] = _save_file
    choose_printer: Callable[[QWidget], QPagedPaintDevice | None] = _choose_printer
