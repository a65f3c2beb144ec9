"""What to say when a paper cannot be made; see `ui.sentences`."""

from typing import Final

PRINTING_SENTENCES: Final = {
    "printing_missing": (
        "Ce poste n’a pas de quoi mettre en page : la bibliothèque « typst » ou « pypdf » manque ou"
        " ne se charge pas. Réinstallez le programme ; vos fiches sont intactes."
    ),
    "page_refused": (
        "Ces pages n’ont pas pu être mises en forme. Rien n’a été écrit et vos fiches sont"
        " intactes ; signalez-le en disant de quel papier il s’agit, sans rien en copier."
    ),
    "slip_file_refused": (
        "Un fichier chiffré porte la fiche à une structure sans le programme, tant qu’elle peut la"
        " recevoir. Celle-ci part par le programme, ou cette mise en relation est finie."
    ),
    "printer_refused": (
        "L’imprimante ne prend pas ces pages : elle est éteinte, débranchée ou sans papier."
        " Vérifiez-la, choisissez-en une autre, ou enregistrez le PDF."
    ),
    "paper_exists": (
        "Un fichier de ce nom existe déjà[ ({file})] : il n’est jamais écrasé. Donnez un autre nom,"
        " ou déplacez celui qui y est."
    ),
    "unknown_notice": (
        "Aucun texte de la note d’information n’a cette version[ : « {version} »]. « deux-portes"
        " notice list » les donne toutes."
    ),
    "unreadable_notice": (
        "Le texte de la note d’information ne peut pas être lu[ ({file})]. Remettez celui du"
        " programme, ou corrigez le vôtre ; vos fiches sont intactes."
    ),
}
