"""Digits as they are typed here: on a French keyboard the upper row gives them only with Shift."""

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

_UNSHIFTED = dict(zip("&é\"'(-è_çà", (1, 2, 3, 4, 5, 6, 7, 8, 9, 0), strict=True))
_UNSHIFTED |= {"§": 6, "!": 8}  # where Apple puts them
_FRENCH_KEYS = (
    Qt.Key.Key_Agrave,
    Qt.Key.Key_Ampersand,
    Qt.Key.Key_Eacute,
    Qt.Key.Key_QuoteDbl,
    Qt.Key.Key_Apostrophe,
    Qt.Key.Key_ParenLeft,
    Qt.Key.Key_Minus,
    Qt.Key.Key_Egrave,
    Qt.Key.Key_Underscore,
    Qt.Key.Key_Ccedilla,
)


def digit_of(event: QKeyEvent) -> int | None:
    """Return the digit a key stands for, with or without Shift, or None for another key."""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if held not in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
        return None
    text = event.text().lower()
    if len(text) == 1 and text.isascii() and text.isdigit():
        return int(text)
    return _UNSHIFTED.get(text)


def alt_digit(digit: int) -> list[QKeySequence]:
    """Return the sequences of Alt and a digit, on a French keyboard as well as on others."""
    plain = Qt.Key(Qt.Key.Key_0.value + digit)
    return [
        QKeySequence(QKeyCombination(Qt.Modifier.ALT, key)) for key in (plain, _FRENCH_KEYS[digit])
    ]
