"""What every screen must offer to those who do not see it or use no mouse."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel, QWidget


def assert_every_control_is_named(root: QWidget) -> None:
    """Refuse a window in which a control that takes the focus has no name to be read aloud.

    A glyph is no name, and neither is the class or the current value of the control.
    """
    unnamed = [
        f"{type(control).__name__} {control.objectName()!r}"
        for control in focusable_controls(root)
        if not _is_name(accessible_name(control))
    ]
    assert not unnamed, f"controls without a name: {', '.join(unnamed)}"


def assert_mnemonics_differ(root: QWidget) -> None:
    """Refuse a window in which one Alt+letter would mean two things at once."""
    from PySide6.QtGui import QKeySequence
    from PySide6.QtWidgets import QAbstractButton

    seen: dict[str, str] = {}
    for widget in root.findChildren(QWidget):
        if not widget.isVisibleTo(root) or not isinstance(widget, QLabel | QAbstractButton):
            continue
        keys = QKeySequence.mnemonic(widget.text()).toString()
        assert not keys or keys not in seen, f"{keys}: {seen[keys]!r} and {widget.text()!r}"
        if keys:
            seen[keys] = widget.text()


def focusable_controls(root: QWidget) -> list[QWidget]:
    """Return what the Tab key or a click can reach under a window, in no order."""
    return [
        control
        for control in root.findChildren(QWidget)
        if control.focusPolicy() != Qt.FocusPolicy.NoFocus
        and control.focusProxy() is None
        and control.isVisibleTo(root)
    ]


def accessible_name(control: QWidget) -> str:
    """Return what a screen reader says of a control."""
    interface = QAccessible.queryAccessibleInterface(control)
    return str(interface.text(QAccessible.Text.Name)).strip() if interface else ""


def tab_order(window: QWidget, steps: int = 100) -> list[QWidget]:
    """Press Tab around a shown window; return the controls met, each once."""
    from PySide6.QtTest import QTest

    met: list[QWidget] = []
    for _ in range(steps):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        if focused is None or focused in met:
            break
        met.append(focused)
    return met


def _is_name(text: str) -> bool:
    return sum(letter.isalnum() for letter in text) > 1
