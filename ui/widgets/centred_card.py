"""A card in the middle of an empty window, that scrolls when the window is too small for it."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui.theme import scaled
from ui.widgets.scroll_page import scrolling

_MARGIN_PX = 32
_LEAST_PX = 480


def centred_card(inside: QVBoxLayout, *, most_px: int, above: int, below: int) -> QScrollArea:
    """Put a column in a card, and the card in the middle.

    Args:
        inside: what the card shows.
        most_px: its width when there is room.
        above: the share of the free height over the card.
        below: the share under it.
    """
    card = QFrame()
    card.setProperty("kind", "card")
    card.setMinimumWidth(min(scaled(_LEAST_PX), 760))
    card.setMaximumWidth(scaled(most_px))
    inside.setContentsMargins(36, 30, 36, 30)
    card.setLayout(inside)
    # Stretches and no alignment: an aligned card would not grow when its words wrap.
    middle = QHBoxLayout()
    middle.addStretch(1)
    middle.addWidget(card, 100)
    middle.addStretch(1)
    page = QWidget()
    around = QVBoxLayout(page)
    around.setContentsMargins(_MARGIN_PX, _MARGIN_PX, _MARGIN_PX, _MARGIN_PX)
    around.addStretch(above)
    around.addLayout(middle)
    around.addStretch(below)
    return scrolling(page)
