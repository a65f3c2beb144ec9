"""A list and, in its place, the page of what was opened: the frame of several screens."""

from collections.abc import Callable, Hashable
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ui.widgets.inline_notice import InlineNotice, NoticeKind
from ui.widgets.keys_within import grant_within
from ui.widgets.scroll_page import MARGINS


class Refreshing(Protocol):
    """A presenter whose screen comes back."""

    def refresh(self) -> None:
        """Bring what is shown up to date."""
        ...


P = TypeVar("P", bound=Refreshing)
K = TypeVar("K", bound=Hashable)


class ListAndPage(QWidget, Generic[P, K]):
    """List and page, under a calm notice. It scrolls by itself: the frame must not.

    The screens inherit it: `P` is their presenter, `K` what names the thing on the page.

    Signals:
        said(str): what was just done, for the toast.
    """

    said = Signal(str)

    def __init__(
        self,
        listed: QWidget,
        page: QWidget,
        *,
        focus_list: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._presenter: P | None = None
        self._opened: K | None = None
        self._focus_list = focus_list
        self._notice = InlineNotice()
        self._first = listed
        self._second = page
        self._stack = QStackedWidget()
        self.setObjectName("screen")
        self._lay_out()

    def attach(self, presenter: P) -> None:
        """Hold the presenter; the screens send it the user's wishes as well."""
        self._presenter = presenter

    def activated(self) -> None:
        """Bring what is shown up to date, and take the focus."""
        if self._presenter is not None:
            self._presenter.refresh()
        if self._stack.currentWidget() is self._first:
            self._focus_list()

    def show_list(self) -> None:
        """Go back to the list."""
        self._opened = None
        self._stack.setCurrentWidget(self._first)
        self._focus_list()

    def show_problem(self, sentence: str) -> None:
        """Say calmly what could not be done."""
        self._notice.show_notice(NoticeKind.ATTENTION, sentence)

    def say(self, text: str) -> None:
        """Say what was just done."""
        self.said.emit(text)

    def _is_open(self, key: K) -> bool:
        return self._stack.currentWidget() is self._second and self._opened == key

    def _open(self, key: K) -> None:
        """Put the page in place of the list; the screen fills it."""
        self._opened = key
        self._stack.setCurrentWidget(self._second)

    def _on_page(self, keys: QKeySequence, wish: Callable[[], object]) -> None:
        """Grant a wish when the keys are pressed on the page, whichever part has the focus."""
        grant_within(self._second, keys, wish)

    def _lay_out(self) -> None:
        self._stack.addWidget(self._first)
        self._stack.addWidget(self._second)
        above = QVBoxLayout()
        above.setContentsMargins(MARGINS[0], 0, MARGINS[2], 0)
        above.addWidget(self._notice)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(above)
        column.addWidget(self._stack, 1)
