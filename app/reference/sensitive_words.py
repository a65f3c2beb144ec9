"""The words about what the law protects, read from their vocabulary."""

from app.domain.sensitive_words import SensitiveWords
from app.reference.vocabulary import Vocabularies

VOCABULARY = "sensitive_words"
_SEPARATOR = ";"


def sensitive_words(vocabularies: Vocabularies) -> SensitiveWords:
    """Return the words to be found, by the families of their vocabulary.

    Each entry is a family of words: its attribute `words` lists phrases separated by semicolons,
    `unless` those that say something else (« assurance maladie »).
    """
    phrases: dict[str, list[str]] = {}
    unless: list[str] = []
    for entry in vocabularies.get(VOCABULARY).active():
        phrases.setdefault(entry.family or entry.code, []).extend(
            _listed(entry.attributes["words"])
        )
        unless += _listed(entry.attributes.get("unless"))
    return SensitiveWords(phrases, unless)


def _listed(attribute: object) -> list[str]:
    return [phrase.strip() for phrase in str(attribute or "").split(_SEPARATOR) if phrase.strip()]
