"""What is said while somebody writes: a number was masked, a word may be read by its person."""

from collections.abc import Sequence
from typing import Final

NUMBER_MASKED: Final = (
    "Un numéro de sécurité sociale ou d’élève a été masqué\u202f: ce programme n’en garde pas."
)
READ_BY_THE_PERSON: Final = (
    "La personne peut lire ce qui est écrit ici. Écrivez-vous cela à sa demande\u202f?"
)


def masked_words(fields: Sequence[str]) -> str:
    """Say that numbers were masked, and in which fields; nothing when none was."""
    return f"{NUMBER_MASKED[:-1]} ({', '.join(fields)})." if fields else ""
