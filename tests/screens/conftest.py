"""The look of the desk, put on every window the tests show."""

import gc
from pathlib import Path

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tests.fakes.dialogs import Answers
from tests.registers import write_xlsx
from tests.screens.left_overs import destroy_closed_windows
from tests.screens.register_screen import ROWS
from tests.screens.two_doors import Doors
from ui.i18n import install_french
from ui.theme import Appearance, ThemeName, settings_at

SCREENS = Path(__file__).parent


def pytest_collection_modifyitems(items):
    """Lets pass what the offscreen platform says it cannot do for any window."""
    for item in items:
        if item.path.is_relative_to(SCREENS):
            item.add_marker(
                pytest.mark.qt_log_ignore("propagateSizeHints", r"support raise", extend=True)
            )


@pytest.fixture(autouse=True)
def windows_of_one_test_alone():
    """Destroys what a test closed: every new style would dress it again in the tests after."""
    yield
    destroy_closed_windows()


@pytest.fixture(scope="module", autouse=True)
def cycles_are_collected_here():
    """Collects on this thread alone, as `ui.collecting` does in the program."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture
def settings(tmp_path):
    return settings_at(tmp_path / "window.ini")


@pytest.fixture
def appearance(qapp, settings):
    dressed = Appearance(qapp, settings)
    dressed.set_theme(ThemeName.LIGHT)
    yield dressed
    dressed.setParent(None)
    dressed.deleteLater()


@pytest.fixture(scope="session", autouse=True)
def french(qapp):
    assert install_french(qapp)


@pytest.fixture
def page(qtbot, appearance):
    window = QWidget()
    qtbot.addWidget(window)
    QVBoxLayout(window)
    window.resize(900, 600)
    window.show()
    qtbot.waitExposed(window)
    return window


@pytest.fixture
def put(page):
    def put_widget(widget):
        page.layout().addWidget(widget)
        widget.show()
        return widget

    return put_widget


@pytest.fixture
def register_file(tmp_path):
    """The old register that its screen is shown."""
    return write_xlsx(tmp_path / "registre 2024.xlsx", {"Accueils": ROWS})


@pytest.fixture
def answers():
    """What will be answered to the dialogs that ask for a file."""
    return Answers()


@pytest.fixture
def doors(tmp_path, put):
    """The first door and the second, each in its own file, and what carries between them."""
    made = Doors(tmp_path, put)
    yield made
    made.close()
