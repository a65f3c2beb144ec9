"""What the ceremonies say, in French."""

from collections.abc import Mapping

REFUSALS: Mapping[str, str] = {
    "weak_passphrase": (
        "Cette phrase de passe est trop courte : il en faut au moins {shortest} caractères. "
        "Quatre ou cinq mots sans rapport entre eux conviennent bien."
    ),
    "missing_passphrase": (
        "Aucune phrase de passe n’a été donnée. Lancez la commande dans un terminal, ou indiquez "
        "--passphrase-file ou la variable DEUX_PORTES_PASSPHRASE."
    ),
    "wrong_passphrase": "Cette phrase de passe n’ouvre pas la clé de la Région.",
    "authority_exists": (
        "Le dossier {path} contient déjà la clé d’une Région : elle n’est jamais remplacée."
    ),
    "authority_missing": (
        "Le dossier {path} ne contient pas d’autorité. Créez-la avec « init », ou indiquez le bon "
        "dossier avec --folder."
    ),
    "unreadable_file": "Le fichier {path} n’est pas celui attendu, ou il est abîmé.",
    "wrong_proof": (
        "La signature du fichier {path} n’est pas celle de la clé qu’il présente. Demandez un "
        "nouveau fichier à son auteur."
    ),
    "file_missing": "Le fichier {path} n’existe pas.",
    "disk_refused": "Le disque refuse de lire ou d’écrire {path}.",
    "directory_taken": (
        "Une autre clé est déjà certifiée pour « {name} » ({directory}). Si la structure a "
        "vraiment perdu la sienne, vérifiez-le de vive voix puis ajoutez --replace-root : les "
        "postes des autres structures demanderont confirmation."
    ),
    "wrong_address": (
        "L’adresse « {url} » ne convient pas : il faut une adresse https://, sans paramètre."
    ),
    "unknown_structure": (
        "La Région n’a certifié aucune structure sous « {named} ». Donnez son identifiant, son code"
        " ou sa référence, tels que « list » les affiche."
    ),
    "wrong_identifier": (
        "« {named} » n’est pas un identifiant : il en faut les 32 signes, tels que « deux-portes"
        " structure machines --json » les donne."
    ),
    "structure_revoked": (
        "La Région a retiré cette clé de « {name} » : un retrait est définitif. La structure doit"
        " en faire une autre sur un nouveau poste."
    ),
    "wrong_name": "Donnez à la Région un nom, de 400 caractères au plus.",
}
"""Sentence of each refusal, by its code; the facts of the refusal fill it."""

FOUNDED = "L’autorité de « {region} » est créée dans {folder}. Sauvegardez ce dossier hors ligne."
RELAY_CERTIFIED = (
    "Le relais {url} est certifié. Remettez {path} aux structures, et au relais lui-même."
)
STRUCTURE_CERTIFIED = "« {name} » est certifiée jusqu’au {until}. Remettez-lui {path}."
GIVEN_AGAIN = "Cette demande avait déjà son certificat : c’est le même."
CODE_TO_COMPARE = "Code à comparer de vive voix avec l’auteur de la demande : {code}"
NOTHING_ISSUED = "Aucun certificat n’a encore été délivré."
PACKED = "Annuaire signé ({bytes} octets) : {path}. Les structures l’importent tel quel."
PROMPT = "Phrase de passe de la Région"
PROMPT_END = " : "
PROMPT_AGAIN = "La même, encore une fois"
STRUCTURE_ROW = "Structure {name}, jusqu’au {until}, code {code}"
RELAY_ROW = "Relais {url}, code {code}"
REVOKED = "{what} est retiré. Remettez {path} au relais et aux structures."
STRUCTURE_WORDS = "La structure « {name} »"
RELAY_WORDS = "Le relais {url}"
MACHINE_WORDS = "Le poste {code}"
REVOCATION_ROW = "Retrait de {target}, code {code}, le {at}"
