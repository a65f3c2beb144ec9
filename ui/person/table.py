"""The columns of the list of persons."""

from collections.abc import Sequence

from ui.person.page import PersonRow
from ui.widgets.snapshot_model import Column


def person_columns() -> Sequence[Column[PersonRow]]:
    """Return the columns of the list, from what one looks for to what one reads aloud."""
    return (
        Column(title="Nom", text=_name, sort_key=lambda row: row.name),
        Column(
            title="Naissance",
            text=lambda row: row.born,
            sort_key=lambda row: row.birth_on or None,
        ),
        Column(title="Commune", text=lambda row: row.commune, stretches=True),
        Column(title="Téléphone", text=lambda row: row.telephone),
        Column(title="Code", text=lambda row: row.code, hint="Code court, à dire ou à écrire"),
    )


def _name(row: PersonRow) -> str:
    return f"{row.name} · homonyme" if row.is_homonym else row.name
