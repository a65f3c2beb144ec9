"""What to say to somebody whom a workspace does not open to; see `ui.sentences`."""

from typing import Final

OPENING_SENTENCES: Final = {
    "compartment_closed": (
        "Votre rôle ne donne pas accès à ces notes[ ({compartment})]. Elles restent à leur place,"
        " lisibles par les agents qui y ont droit."
    ),
    "wrong_passphrase": (
        "Cette phrase de passe n’ouvre pas le poste. Vérifiez la touche Verr. Maj. et l’agent"
        " choisi[ ; nouvel essai possible dans {wait_s}\u202fs]. Vos fiches sont intactes."
    ),
    "too_soon": (
        "Après plusieurs phrases de passe fausses, il faut attendre un peu[ : encore"
        " {wait_s}\u202fs]. Vos fiches sont intactes."
    ),
    "weak_passphrase": (
        "Cette phrase de passe est trop courte pour protéger les personnes. Prenez dix signes au"
        " moins, par exemple quatre mots sans rapport."
    ),
    "missing_passphrase": (
        "Aucune phrase de passe n’a été donnée. Mettez-la dans la variable DEUX_PORTES_PASSPHRASE,"
        " ou dans un fichier nommé par --passphrase-file, ou lancez la commande dans un terminal."
    ),
    "unknown_agent": (
        "Aucun agent de ce poste ne porte ce nom[ : « {name} »]. Donnez-le tel que l’écran"
        " d’ouverture l’affiche."
    ),
}
