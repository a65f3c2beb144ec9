"""What to say when a published file, or one record of it, is not taken; see `ui.sentences`.

The reasons of records (`rejected_…`, `noted_…`) are said after their line: `ui.importing_words`.
"""

from typing import Final

_FILES: Final = {
    "unknown_import": (
        "Aucun import de l’annuaire ne porte ce numéro[ : {number}], ou il est déjà annulé."
        " « deux-portes directory imports » les donne tous. Rien n’a été changé."
    ),
    "unexpected_format": (
        "Ce fichier n’est pas au format annoncé[ : reconnu {found}][, annoncé {expected}]. Rien n’a"
        " été changé. Sans --format, il est importé comme il est reconnu."
    ),
    "correction_refused": (
        "Cette correction n’a pas été gardée[ : {field}][ = « {value} »]. Ce champ ne se corrige"
        " pas ici, ou n’a pas la forme attendue : une date comme 2026-11-24, des horaires écrits à"
        " la manière d’OpenStreetMap."
    ),
    "already_listed": (
        "Cette structure est déjà dans l’annuaire[ : {name}][ ({reference})]. Corrigez sa fiche, ou"
        " précisez le nom s’il s’agit d’une autre. Rien n’a été ajouté."
    ),
    "import_unreadable_file": (
        "Ce fichier ne peut pas être lu[ ({file})] : il n’est plus là, ou la clé ou le disque ne"
        " répond pas. Vérifiez qu’il s’ouvre, puis recommencez ; l’annuaire n’a pas changé."
    ),
    "import_empty_file": (
        "Ce fichier ne contient rien à lire[ ({file})]. Téléchargez-le de nouveau ; l’annuaire n’a"
        " pas changé."
    ),
    "import_file_too_large": (
        "Ce fichier est trop gros[ ({file})][ : plus de {limit_mb} mégaoctets]. Ce n’est sans doute"
        " pas le bon ; l’annuaire n’a pas changé."
    ),
    "import_swollen_file": (
        "Ce fichier compressé deviendrait énorme une fois ouvert[ ({file})][ : plus de {limit_mb}"
        " mégaoctets]. Il n’est pas ouvert ; téléchargez-le à sa source."
    ),
    "import_sprawling_sheet": (
        "Une feuille de ce classeur s’étend beaucoup trop loin[ ({file})][, jusqu’à la cellule"
        " {cell}] : une cellule y est sans doute restée par erreur. Effacez les lignes et colonnes"
        " vides de la fin, enregistrez, puis recommencez."
    ),
    "import_broken_file": (
        "Ce fichier est abîmé ou incomplet[ ({file})][, à la ligne {line}]. Téléchargez-le ou"
        " copiez-le de nouveau en entier ; l’annuaire n’a pas changé."
    ),
    "import_not_text": (
        "Ce fichier n’est ni un texte ni un classeur[ ({file})]. Choisissez un fichier JSON, CSV,"
        " XLSX ou ODS ; l’annuaire n’a pas changé."
    ),
    "import_locked_workbook": (
        "Un mot de passe protège ce classeur[ ({file})]. Enregistrez-en une copie sans mot de"
        " passe, puis recommencez."
    ),
    "import_sheets_missing": (
        "Ce poste n’a pas de quoi lire un classeur : la bibliothèque « python-calamine » manque ou"
        " ne se charge pas. Enregistrez le fichier en CSV, ou réinstallez le programme."
    ),
    "import_unknown_sheet": (
        "Ce classeur n’a pas de feuille de ce nom[ : « {sheet} »].[ Il a : {sheets}.]"
    ),
    "import_missing_column": (
        "Il manque à ce tableau des colonnes sans lesquelles rien ne peut être pris[ ({file})][ :"
        " {columns}]. Vérifiez la ligne de titres ; l’annuaire n’a pas changé."
    ),
    "import_duplicate_column": (
        "Ce tableau a deux fois la même colonne[ ({file})][ : {columns}]. Gardez-en une seule, puis"
        " recommencez ; l’annuaire n’a pas changé."
    ),
    "import_unknown_format": (
        "Ce fichier n’est d’aucun format connu[ ({file})]. Sont lus : data·inclusion (JSON, CSV,"
        " XLSX), l’annuaire de l’administration, les agences France Travail et la couverture des"
        " missions locales. L’annuaire n’a pas changé."
    ),
    "import_undated_file": (
        "Rien dans ce fichier ne dit de quand il date[ ({file})]. Donnez le jour de sa"
        " publication : il sera dit sur chaque fiche."
    ),
    "import_archive_without_directory": (
        "Cette archive ne contient pas l’annuaire de l’administration[ ({file})]. Prenez"
        " « all_latest.tar.bz2 », ou le fichier « data.gouv_local.json » qu’elle contient."
    ),
}

_REJECTED: Final = {
    "rejected_null_record": "L’enregistrement est vide.",
    "rejected_not_a_record": "Ce n’est pas une fiche, mais une valeur seule.",
    "rejected_shifted_line": (
        "La ligne a plus de cases que de titres : un séparateur de trop a décalé les colonnes."
    ),
    "rejected_torn_line": (
        "La ligne est déchirée : un guillemet en trop a avalé les lignes qui la suivent."
    ),
    "rejected_missing_field": "Il manque ce qui est obligatoire[ : {field}][ ({identifier})].",
    "rejected_scientific_identifier": (
        "Un tableur a abîmé l’identifiant[ ({field} : {value})] : des chiffres sont perdus."
    ),
    "rejected_duplicate_identifier": (
        "Le même identifiant est déjà plus haut dans le fichier[ : {value}]. La première fiche est"
        " gardée."
    ),
    "rejected_name_length": (
        "Le nom doit avoir de 3 à 150 signes[ : « {value} »][ ({identifier})]."
    ),
    "rejected_description_length": (
        "La description doit avoir de 5 à 10 000 signes[ ({identifier})]."
    ),
    "rejected_unreadable_date": (
        "La date de mise à jour n’est pas une date[ : « {value} »][ ({identifier})]."
    ),
    "rejected_date_out_of_reach": (
        "La date de mise à jour est avant 2000 ou à venir[ : {value}][ ({identifier})]."
    ),
    "rejected_unknown_structure": (
        "Le service est d’une structure qui n’est ni dans ce fichier ni dans l’annuaire[ :"
        " {value}][ ({identifier})]."
    ),
}

_NOTED: Final = {
    "noted_unknown_code": (
        "Un code n’est pas dans le schéma connu[ ({field} : {value})] ; il est gardé tel quel."
    ),
    "noted_hours_dropped": (
        "Les horaires ne peuvent pas être lus[ : {value}] ; la fiche est prise sans eux."
    ),
    "noted_coordinates_dropped": (
        "Les coordonnées ne peuvent pas être justes[ : {value}] ; la fiche est prise sans elles."
    ),
    "noted_telephone_as_published": (
        "Le téléphone n’est pas un numéro sûr[ : {value}] ; il est gardé tel que publié."
    ),
    "noted_value_dropped": (
        "Une valeur ne peut pas être juste[ ({field} : {value})] ; la fiche est prise sans elle."
    ),
    "noted_description_dropped": (
        "La description est trop courte ou trop longue ; la fiche est prise sans elle."
    ),
    "noted_conflicting_fact": (
        "La ligne dit autre chose que les précédentes[ ({field} : {value})] ; ce qui a été dit"
        " d’abord est gardé."
    ),
    "noted_unknown_commune": (
        "Aucune commune de la région n’a ce nom et ce code postal[ : {value}] ; la fiche est prise"
        " sans code de commune."
    ),
}

IMPORTING_SENTENCES: Final = {**_FILES, **_REJECTED, **_NOTED}
