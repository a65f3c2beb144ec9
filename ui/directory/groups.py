"""The groups of the directory, and the rows each keeps, in its order. No Qt."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.domain.folding import fold
from ui.directory.page import DirectoryRow

ALL, OPEN, STALE, CORRECTED = "all", "open", "stale", "corrected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group: its words, and what to say when it holds nothing."""

    key: str
    label: str
    empty: str
    first_step: str
    keeps: Callable[[DirectoryRow], bool]
    order: Callable[[DirectoryRow], Any]


def _by_distance(row: DirectoryRow) -> tuple[float, str]:
    return (float("inf") if row.km is None else row.km, row.name)


GROUPS: Final = (
    Group(
        key=ALL,
        label="Toutes",
        empty="Aucune structure dans l’annuaire",
        first_step="Importez un fichier publié (data·inclusion, annuaire de l’administration…).",
        keeps=lambda _row: True,
        order=_by_distance,
    ),
    Group(
        key=OPEN,
        label="Ouvertes maintenant",
        empty="Rien d’ouvert en ce moment",
        first_step="«\u00a0Toutes\u00a0» dit quand chacune ouvre.",
        keeps=lambda row: row.is_open,
        order=_by_distance,
    ),
    Group(
        key=STALE,
        label="À revérifier",
        empty="Aucune fiche à revérifier",
        first_step="Une fiche revient ici six mois après sa dernière vérification, ou dite fausse.",
        keeps=lambda row: row.is_stale,
        order=lambda row: (-row.doubted, row.checked_on, row.name),
    ),
    Group(
        key=CORRECTED,
        label="Corrigées ici",
        empty="Aucune fiche corrigée ici",
        first_step="Une erreur dans une fiche\u202f? Ouvrez-la, puis «\u00a0Corriger…\u00a0».",
        keeps=lambda row: row.is_corrected,
        order=lambda row: row.name,
    ),
)


def group_of(key: str) -> Group:
    """Return a group by its key."""
    return next(group for group in GROUPS if group.key == key)


def kept(rows: Sequence[DirectoryRow], group: Group, text: str) -> list[DirectoryRow]:
    """Return the rows of a group in which every word typed begins a word, in its order."""
    words = [f" {word}" for word in fold(text).split()]
    found = [
        row for row in rows if group.keeps(row) and all(word in row.searchable for word in words)
    ]
    return sorted(found, key=group.order)


def counted(rows: Sequence[DirectoryRow]) -> Mapping[str, int]:
    """Return how many rows each group holds."""
    return {group.key: sum(map(group.keeps, rows)) for group in GROUPS}
