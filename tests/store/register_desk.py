"""Importing invented registers at a desk, in one line."""

from dataclasses import replace

from app.domain.reception import Reception
from app.store.bodies import unpack_map
from app.usecases.desk import Desk
from app.usecases.register.importing import Imported, import_register
from app.usecases.register.previewing import Preview, guess_plan, preview_import
from tests.registers import Rows, a_book

NIR = "1 85 05 78 006 084 91"


def plan_of(desk: Desk, book, **fields):
    """The plan guessed, corrected."""
    return replace(guess_plan(desk.reference, desk.now().date(), book), **fields)


def previewed(desk: Desk, rows: Rows, **fields) -> Preview:
    """What importing these lines would do."""
    book = a_book(rows)
    return preview_import(desk, book, plan_of(desk, book, **fields))


def imported(desk: Desk, rows: Rows, **fields) -> Imported:
    """Import these lines."""
    return import_register(desk, previewed(desk, rows, **fields))


def said(preview: Preview, place: int = 0) -> Reception:
    """The reception of a line that would be recorded."""
    return preview.rows[place].checked.reception


def meetings(desk: Desk):
    """What was written of each meeting and its demand, in the order of their days."""
    with desk.workspace.read() as connection:
        rows = connection.execute(
            "SELECT e.received_at, e.author, e.details, d.details FROM encounters e"
            " JOIN demands d ON d.demand = e.demand ORDER BY e.received_at, e.encounter"
        ).fetchall()
    return [(at, by, unpack_map(met), unpack_map(asked)) for at, by, met, asked in rows]
