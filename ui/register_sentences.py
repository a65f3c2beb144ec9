"""What to say when a register cannot be imported; see `ui.sentences`."""

from typing import Final

REGISTER_SENTENCES: Final = {
    "register_too_many_lines": (
        "Ce registre a trop de lignes pour un seul import[ (au plus {most})]. Partagez-le en"
        " plusieurs fichiers, une année chacun par exemple. Rien n’a été enregistré."
    ),
    "register_no_titles": (
        "Aucune ligne de titres n’est reconnue dans ce registre[ ({file})]. Il faut une ligne qui"
        " nomme les colonnes : date, motif, commune… Rien n’a été enregistré."
    ),
    "register_no_such_sheet": (
        "Ce registre n’a pas de feuille de ce nom[ : « {sheet} »].[ Il a : {sheets}.]"
    ),
    "register_no_date_column": (
        "Aucune colonne ne dit quel jour les personnes ont été reçues. Dites laquelle dans le plan"
        " que donne « deux-portes register guess »."
    ),
    "export_workbooks_missing": (
        "Ce poste n’a pas de quoi écrire un classeur : la bibliothèque « XlsxWriter » manque."
        " Choisissez un nom en « .csv », ou réinstallez le programme."
    ),
    "export_exists": (
        "Un fichier de ce nom existe déjà[ ({file})] : il n’est pas écrasé. Donnez un autre nom."
    ),
    "register_unreadable_plan": (
        "Ce plan d’import ne peut pas être suivi[, à « {where} »][ : {problem}]. « deux-portes"
        " register guess » en écrit un. Rien n’a été enregistré."
    ),
}
