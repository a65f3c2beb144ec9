"""What to say of a stick that refuses, or of which not all could be taken; see `ui.sentences`."""

from typing import Final

STICK_SENTENCES: Final = {
    "stick_absent": (
        "Ce dossier n’existe pas[ ({folder})] : la clé n’est pas branchée, ou porte un autre nom."
        " Branchez-la, puis recommencez. Tout est gardé sur ce poste."
    ),
    "not_a_stick": (
        "Il n’y a rien de Deux Portes dans ce dossier[ ({folder})]. Choisissez la clé, ou le"
        " dossier « deux-portes » qui s’y trouve ; rien n’y a été touché."
    ),
    "stick_full": (
        "La clé est pleine : rien n’y a été ajouté, et ce qu’elle portait y est toujours. Libérez"
        " de la place ou prenez-en une autre, puis recommencez ; tout est gardé sur ce poste."
    ),
    "stick_read_only": (
        "La clé refuse l’écriture : elle est protégée, ou vous n’en avez pas le droit. Ôtez la"
        " protection ou prenez-en une autre ; tout est gardé sur ce poste."
    ),
    "stick_removed": (
        "La clé ne répond plus : elle a été retirée, ou elle est abîmée. Ce qui était déjà lu est"
        " gardé, et ce qu’elle portait n’a pas changé. Rebranchez-la, puis recommencez."
    ),
    "stick_torn": (
        "Ce qui est sur cette clé n’y a pas été écrit jusqu’au bout : la clé a sans doute été"
        " retirée trop tôt. Faites-la écrire de nouveau sur le poste d’origine ; rien n’a changé"
        " ici."
    ),
    "stick_crowded": (
        "Trop de postes ont écrit sur cette clé : une partie a été laissée de côté. Effacez-en le"
        " dossier « deux-portes », puis faites-la écrire de nouveau ; rien n’a changé ici."
    ),
    "stick_forged": (
        "Cette clé prétend venir d’un poste qui ne l’a pas signée : elle est abîmée, ou a été"
        " modifiée. Rien n’en a été pris. Demandez-en une autre et prévenez la Région."
    ),
    "stick_other_region": (
        "Cette clé vient d’une autre Région : ce poste ne peut rien en faire. Rien n’a changé ici."
    ),
    "stick_from_the_future": (
        "Une version plus récente du programme a écrit cette clé. Mettez ce poste à jour, puis"
        " relisez-la ; rien n’y a été touché."
    ),
    "stick_not_for_us": (
        "Rien sur cette clé n’est destiné à votre structure. Vérifiez que c’est la bonne clé ;"
        " rien n’a changé ici."
    ),
    "stick_writer_unknown": (
        "Ce poste ne connaît pas celui qui a écrit la clé : il n’est pas encore admis, ou ce qui"
        " le présente manque. Faites-le admettre, ou écrire la clé de nouveau ; rien n’est perdu."
    ),
    "stick_reader_removed": (
        "Ce poste, ou sa structure, a été retiré de l’échange : il ne prend plus rien d’une clé. Il"
        " peut encore en écrire une avec ce qu’il n’avait pas envoyé ; vos fiches restent ici."
    ),
    "stick_reader_unknown": (
        "Ce poste n’est pas encore admis dans sa structure. Écrivez sa demande sur une clé, portez"
        " la clé au premier poste de la structure, puis relisez celle qu’il rendra."
    ),
    "stick_holds_more": (
        "Cette clé porte du travail de ce poste qu’il n’a plus : il a sans doute été restauré."
        " Lisez-la d’abord ici, puis écrivez-la ; rien n’y a été touché."
    ),
    "stick_damaged": (
        "Une partie de la clé n’a pas pu être lue : le reste a été pris. Faites-la écrire de"
        " nouveau sur le poste d’origine ; relire une clé ne double rien."
    ),
    "stick_pack_damaged": (
        "L’annuaire de la Région qui est sur cette clé est abîmé, ou a été modifié : il n’a pas été"
        " pris, les fiches l’ont été. Faites écrire de nouveau cette clé sur un autre poste."
    ),
    "stick_pack_other_region": (
        "L’annuaire qui est sur cette clé est celui d’une autre Région : il n’a pas été pris, les"
        " fiches l’ont été."
    ),
}
