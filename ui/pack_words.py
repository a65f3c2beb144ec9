"""What both faces say of the directory that the Region publishes: its day, what it changed."""

import datetime as dt

from ui.texts import count, day, typeset


def day_made(made_s: int) -> dt.date:
    """Return the day on which a pack was made."""
    return dt.datetime.fromtimestamp(made_s, tz=dt.UTC).date()


def pack_title(made_on: dt.date) -> str:
    """Return how the list of imports calls a directory of the Region."""
    return typeset(f"Annuaire de la Région, du {day(made_on)}")


def imported_words(made_on: dt.date, *, added: int, updated: int) -> str:
    """Say that a directory of the Region came, and what it changed."""
    counts = (
        count(added, "fiche nouvelle", "fiches nouvelles") if added else "",
        count(updated, "mise à jour", "mises à jour") if updated else "",
    )
    said = ", ".join(filter(None, counts)) or "rien de nouveau"
    return typeset(f"L’annuaire de la Région, du {day(made_on)}, est arrivé : {said}")
