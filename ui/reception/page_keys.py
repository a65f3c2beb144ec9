"""The keys of the reception page, for F1."""

from PySide6.QtWidgets import QWidget

from ui.widgets.keys_overlay import KeyHint


def page_keys(page: QWidget) -> tuple[KeyHint, ...]:
    """Return the keys of the page, in the order they serve."""
    return (
        KeyHint(keys=page.tr("Ctrl+Entrée"), does=page.tr("enregistrer l’accueil")),
        KeyHint(keys=page.tr("Ctrl+P"), does=page.tr("imprimer la feuille du dernier accueil")),
        KeyHint(keys=page.tr("Tab"), does=page.tr("aller au champ suivant")),
        KeyHint(keys=page.tr("1 à 9, 0"), does=page.tr("choisir\u202f; 0, non communiqué")),
        KeyHint(keys=page.tr("Suppr"), does=page.tr("ne rien choisir dans cette ligne")),
        KeyHint(keys=page.tr("F4"), does=page.tr("compter une question simple")),
        KeyHint(keys=page.tr("F2"), does=page.tr("prendre les motifs proposés")),
        KeyHint(keys=page.tr("F3"), does=page.tr("prendre la structure proposée")),
        KeyHint(keys=page.tr("F7"), does=page.tr("corriger sa fiche dans l’annuaire")),
        KeyHint(keys=page.tr("Alt+D"), does=page.tr("ce que la personne demande")),
        KeyHint(keys=page.tr("Alt+P"), does=page.tr("passer le relais")),
        KeyHint(keys=page.tr("Alt+L"), does=page.tr("écrire le nom")),
        KeyHint(keys=page.tr("Alt+lettre"), does=page.tr("le champ dont la lettre est soulignée")),
    )
