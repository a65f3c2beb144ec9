"""The frame of the desk: places at the left, one search field above, the state in words below."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QByteArray, QSettings, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui.theme import Appearance, scaled
from ui.widgets.buttons import icon_button, main_button
from ui.widgets.keys_overlay import KeyHint, KeysOverlay
from ui.widgets.labels import words
from ui.widgets.navigation import Navigation, Place
from ui.widgets.scroll_page import scrolling
from ui.widgets.status_line import StatusLine
from ui.widgets.suggest_field import SuggestField
from ui.widgets.suggestion_list import Suggestion
from ui.widgets.toast import Toast

# Under this width, at the text scale in force, the places show icons alone.
_WORDS_FROM_PX = 900
# The state in words, and over it the buttons of a page such as the reception's.
_CLEAR_OF_THE_BAR_PX = 112


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenSlot:
    """A screen of the desk, made when it is first shown.

    Attributes:
        key: names the screen in `show_screen`.
        title: its words at the left.
        icon: its icon, a file of `resources/icons`.
        factory: makes the screen, which holds its presenter.
        scrolls: the frame scrolls it; False for a screen that scrolls by itself.
        at_bottom: put apart, under the others.
        under: the place it is reached from; it has none of its own at the left.
    """

    key: str
    title: str
    icon: str
    factory: Callable[[], QWidget]
    scrolls: bool = True
    at_bottom: bool = False
    under: str = ""


@runtime_checkable
class ActivatedScreen(Protocol):
    """A screen that wants to know when it is shown."""

    def activated(self) -> None:
        """Bring what is shown up to date."""
        ...


@runtime_checkable
class ScreenWithKeys(Protocol):
    """A screen with keys of its own, listed by F1."""

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of the screen."""
        ...


class MainWindow(QMainWindow):
    """The desk once it is open. The window title names the structure, never a person.

    Signals:
        search_typed(str): answer with `search.show_suggestions(rows, query=text)`.
        search_chosen(object): the value of the suggestion taken.
        search_submitted(str): Enter on a text without suggestion.
        near_wanted(): F6, what is open now near here.
        copy_wanted(): F9.
        export_wanted(): Ctrl+Shift+E, the list shown is wanted in a file.
        new_reception_wanted(): Ctrl+N or its button.
        lock_wanted(): Ctrl+L or its button.
        turned_screen_wanted(): F8, the screen is turned towards the person received.
        exchange_wanted(): the state in words was pressed.
        screen_shown(str): the key of the screen now shown.
        closing(): the window closes; drafts must be flushed now.
    """

    search_typed = Signal(str)
    search_chosen = Signal(object)
    search_submitted = Signal(str)
    near_wanted = Signal()
    copy_wanted = Signal()
    export_wanted = Signal()
    new_reception_wanted = Signal()
    lock_wanted = Signal()
    turned_screen_wanted = Signal()
    exchange_wanted = Signal()
    screen_shown = Signal(str)
    closing = Signal()

    def __init__(
        self,
        slots: Sequence[ScreenSlot],
        *,
        structure: str,
        settings: QSettings,
        appearance: Appearance,
    ) -> None:
        super().__init__()
        self._slots = {slot.key: slot for slot in slots}
        self._settings = settings
        self._appearance = appearance
        self._built: dict[str, QWidget] = {}
        self._frames: dict[str, QWidget] = {}
        self._key = ""
        self._make_parts(slots, structure)
        self._name_parts(structure)
        self._lay_out()
        self._connect()
        self._add_shortcuts()
        self._restore_geometry()

    def show_screen(self, key: str, *, under: str = "") -> QWidget:
        """Show a screen, making it the first time; it is told by `activated`.

        Args:
            key: which one.
            under: the place it was reached from, for a screen that several lead to.

        Returns:
            The screen.
        """
        screen = self.screen(key)
        self._key = key
        self.stack.setCurrentWidget(self._frames[key])
        place = under or key
        self.navigation.show_place(self._slots[place].under or place)
        if isinstance(screen, ActivatedScreen):
            screen.activated()
        self.screen_shown.emit(key)
        return screen

    def screen(self, key: str) -> QWidget:  # type: ignore[override] # Qt's own returns a monitor
        """Return a screen, making it if needed, without showing it."""
        if key not in self._built:
            slot = self._slots[key]
            self._built[key] = slot.factory()
            self._frames[key] = scrolling(self._built[key]) if slot.scrolls else self._built[key]
            self.stack.addWidget(self._frames[key])
        return self._built[key]

    def is_built(self, key: str) -> bool:
        """Was this screen made already?"""
        return key in self._built

    def slots(self) -> Sequence[ScreenSlot]:
        """Return the places of the desk, in their order."""
        return tuple(self._slots.values())

    def current_key(self) -> str:
        """Return the key of the screen shown, or nothing before the first."""
        return self._key

    def set_status(self, text: str) -> None:
        """Say the state of the desk in words."""
        self.status.set_words(text)

    def set_count(self, key: str, count: int) -> None:
        """Show beside a place how many things wait there."""
        self.navigation.set_count(key, count)

    def show_suggestions(
        self, suggestions: Sequence[Suggestion], *, query: str | None = None
    ) -> None:
        """Answer `search_typed`; answers to a text typed over are dropped."""
        self.search.show_suggestions(suggestions, query=query)

    def offer_undo(
        self, text: str, undo: Callable[[], None] | None = None, *, label: str = "Rétablir"
    ) -> None:
        """Say what was done; see `Toast.offer`."""
        self.toast.offer(text, undo, label=label)

    def focus_search(self) -> None:
        """Go to the search field, what is there selected."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.line.selectAll()

    def show_keys(self) -> None:
        """List the keys of the screen and those of the desk; a second time closes the list."""
        if self.keys_overlay.isVisible():
            self.keys_overlay.hide_keys()
            return
        screen: object = self._built.get(self._key)
        own = list(screen.keys()) if isinstance(screen, ScreenWithKeys) else []
        self.keys_overlay.show_keys(self.tr("Touches de cet écran"), own + self._desk_keys())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the window, and let drafts be flushed."""
        self._settings.setValue("window/geometry", self.saveGeometry())
        self._settings.sync()
        self.closing.emit()
        super().closeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show words or icons alone, as the width allows."""
        super().resizeEvent(event)
        self._fit_words()

    def _make_parts(self, slots: Sequence[ScreenSlot], structure: str) -> None:
        places = [
            Place(key=slot.key, title=slot.title, icon=slot.icon, at_bottom=slot.at_bottom)
            for slot in slots
            if not slot.under
        ]
        self.navigation = Navigation(places, structure=structure)
        self.search = SuggestField(
            self.tr("Rechercher ou commencer"),
            placeholder=self.tr("Nom, naissance, téléphone, code, métier, structure"),
            takes_first=True,
        )
        self.stack = QStackedWidget()
        self.status = StatusLine()
        self._new = main_button(self.tr("Nouvel accueil"), "plus")
        self._lock = icon_button("lock", self.tr("Verrouiller (Ctrl+L)"))
        self._keys_hint = words(self.tr("F1\u202f: les touches de cet écran"), "small")
        self._inside = QWidget()
        self.toast = Toast(self._inside, clear_px=_CLEAR_OF_THE_BAR_PX)
        self.keys_overlay = KeysOverlay(self._inside)

    def _name_parts(self, structure: str) -> None:
        title = self.tr("Deux Portes")
        self.setWindowTitle(f"{title} — {structure}" if structure else title)
        self.setObjectName("desk")
        self.search.line.setObjectName("search_line")
        self.search.line.setProperty("kind", "search")
        self._new.setObjectName("new_reception")
        self._new.setToolTip(self.tr("Nouvel accueil (Ctrl+N)"))
        self._lock.setObjectName("lock")
        self._keys_hint.setWordWrap(False)

    def _lay_out(self) -> None:
        page = QVBoxLayout()
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addLayout(self._header())
        page.addWidget(self.stack, 1)
        page.addWidget(self._footer())
        whole = QHBoxLayout(self._inside)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.navigation)
        whole.addLayout(page, 1)
        self.setCentralWidget(self._inside)
        self.setMinimumSize(640, 480)

    def _header(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(28, 18, 28, 12)
        row.setSpacing(14)
        row.addWidget(self.search, 1)
        row.addWidget(self._new)
        row.addWidget(self._lock)
        return row

    def _footer(self) -> QWidget:
        footer = QWidget()
        footer.setObjectName("footer")
        row = QHBoxLayout(footer)
        row.setContentsMargins(28, 4, 20, 4)
        row.addWidget(self._keys_hint)
        row.addStretch(1)
        row.addWidget(self.status)
        return footer

    def _connect(self) -> None:
        self.navigation.went.connect(self.show_screen)
        self.search.query_changed.connect(self.search_typed)
        self.search.chosen.connect(self.search_chosen)
        self.search.submitted.connect(self.search_submitted)
        self._new.clicked.connect(self.new_reception_wanted)
        self._lock.clicked.connect(self.lock_wanted)
        self.status.details_wanted.connect(self.exchange_wanted)
        self._appearance.changed.connect(self._fit_words)

    def _add_shortcuts(self) -> None:
        for keys, wish in (
            ("Ctrl+K", self.focus_search),
            ("Ctrl+N", self.new_reception_wanted.emit),
            ("Ctrl+L", self.lock_wanted.emit),
            ("F6", self.near_wanted.emit),
            ("F8", self.turned_screen_wanted.emit),
            ("F9", self.copy_wanted.emit),
            ("Ctrl+Shift+E", self.export_wanted.emit),
            ("F1", self.show_keys),
            ("Ctrl++", self._appearance.larger),
            ("Ctrl+=", self._appearance.larger),
            ("Ctrl+-", self._appearance.smaller),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(wish)

    def _desk_keys(self) -> list[KeyHint]:
        return [
            KeyHint(keys=self.tr("Ctrl+K"), does=self.tr("rechercher, ou commencer avec un nom")),
            KeyHint(keys=self.tr("Ctrl+N"), does=self.tr("nouvel accueil")),
            KeyHint(keys=self.tr("Alt+1 à Alt+9"), does=self.tr("aller à un écran")),
            KeyHint(keys=self.tr("Ctrl+Z"), does=self.tr("défaire ce qui vient d’être fait")),
            KeyHint(keys=self.tr("F6"), does=self.tr("ouvert maintenant, près d’ici")),
            KeyHint(keys=self.tr("F9"), does=self.tr("copier l’accueil pour un autre logiciel")),
            KeyHint(
                keys=self.tr("Ctrl+Maj+E"), does=self.tr("enregistrer la liste dans un fichier")
            ),
            KeyHint(keys=self.tr("F8"), does=self.tr("tourner l’écran vers la personne")),
            KeyHint(keys=self.tr("Ctrl+L"), does=self.tr("verrouiller")),
            KeyHint(keys=self.tr("Ctrl++ et Ctrl+-"), does=self.tr("agrandir, réduire le texte")),
        ]

    def _fit_words(self) -> None:
        is_narrow = self.width() < scaled(_WORDS_FROM_PX)
        self.navigation.set_compact(is_narrow)
        self._keys_hint.setVisible(not is_narrow)

    def _restore_geometry(self) -> None:
        kept = self._settings.value("window/geometry")
        if not (isinstance(kept, QByteArray) and self.restoreGeometry(kept)):
            self.resize(1280, 720)
