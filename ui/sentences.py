"""The French sentence of each refusal: what happened, what to do, and that nothing is lost.

A part between square brackets is said only when the refusal gives every fact it names, so that a
sentence stands on its own without any fact. Texts are written with plain spaces: `typeset` puts the
no-break ones.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ui.importing_sentences import IMPORTING_SENTENCES
from ui.opening_sentences import OPENING_SENTENCES
from ui.printing_sentences import PRINTING_SENTENCES
from ui.referral_sentences import REFERRAL_SENTENCES
from ui.register_sentences import REGISTER_SENTENCES
from ui.stick_sentences import STICK_SENTENCES

_BEFORE_DOUBLE_SIGNS: Final = re.compile(r" (?=[;:!?](?:\s|$|\]))")


def typeset(text: str) -> str:
    """Put the no-break spaces of French typography into a text written with plain spaces."""
    text = _BEFORE_DOUBLE_SIGNS.sub("\u202f", text)
    return text.replace("« ", "«\u00a0").replace(" »", "\u00a0»").replace("'", "’")


_INPUT: Final = {
    "unreadable_identifier": (
        "[« {text} » : ]ce n’est pas un identifiant de Deux Portes. Recopiez-le en entier, tel que"
        " le programme l’affiche."
    ),
    "unknown_record": (
        "Aucune fiche de ce poste n’a cet identifiant[ ({identifier})]. Elle a pu être effacée, ou"
        " n’être pas encore arrivée : vérifiez l’identifiant, ou lancez un échange."
    ),
    "unknown_commune": (
        "Aucune commune ne correspond[ à « {text} »]. Indiquez son code INSEE, que donne la"
        " recherche de communes.[ Vouliez-vous dire : {suggestions} ?]"
    ),
    "nothing_to_merge": "Ces fiches sont déjà comme demandé. Rien n’a été changé.",
    "request_already_answered": "Cette demande a déjà reçu sa réponse. Rien n’a été changé.",
    "answer_needs_words": (
        "Dites pourquoi : la personne doit le savoir, et savoir qu’elle peut saisir la CNIL."
    ),
    "agreement_already_withdrawn": "Cet accord est déjà retiré. Rien n’a été changé.",
    "unknown_template": (
        "Aucun modèle de texte à copier ne s’appelle ainsi[ : « {template} »]. « deux-portes copy"
        " list » les donne tous."
    ),
    "template_refused": (
        "Ce modèle n’a pas été gardé : il lui faut un nom, un texte de 4 000 signes au plus, et des"
        " champs connus.[ Inconnus ici : {fields}.]"
    ),
    "unknown_vocabulary_code": (
        "Ce mot n’est pas dans le vocabulaire[ « {vocabulary} »][ : « {text} »].[ Vouliez-vous"
        " dire : {suggestions} ?] Rien n’a été enregistré."
    ),
    "unreadable_directory": (
        "L’annuaire des structures ne peut pas être lu[ ({file})]. Remplacez ce fichier par celui"
        " de la Région ; vos fiches ne sont pas touchées."
    ),
    "unreadable_hours": (
        "Ces horaires ne peuvent pas être lus[ : {text}]. Écrivez-les à la manière d’OpenStreetMap,"
        " chaque fin après son début, sans heure au-delà de minuit."
    ),
    "unknown_structure": (
        "Aucune structure de l’annuaire ne répond à ce nom[ : « {text} »]. Donnez sa référence, son"
        " identifiant ou son nom exact, tels que l’annuaire les affiche."
    ),
    "unreadable_input": (
        "[Ligne {line} : ]ce qui a été donné ne peut pas être lu[, à « {where} »][ : {problem}]."
        " Rien n’en a été enregistré ; corrigez puis recommencez."
    ),
    "unreadable_picture": (
        "Aucun code QR de Deux Portes n’est lisible dans cette image[ ({file})]. Reprenez la photo"
        " de plus près, bien à plat, ou portez le fichier lui-même."
    ),
    "missing_expressed_demand": (
        "Il manque ce que la personne demande, dans ses mots. Écrivez-le, puis enregistrez de"
        " nouveau."
    ),
    "birth_out_of_reach": (
        "Cette date de naissance[, {text},] est dans l’avenir ou avant 1900. Corrigez-la, ou"
        " laissez-la vide ; rien n’a été enregistré."
    ),
    "moment_out_of_reach": (
        "Ce moment d’accueil[, {text},] est après demain ou avant l’an 2000. Corrigez-le, ou réglez"
        " la date de ce poste ; rien n’a été enregistré."
    ),
    "agreement_to_record_missing": (
        "Un nom a été donné sans l’accord de la personne pour le garder. Demandez-lui son accord,"
        " ou enregistrez l’accueil sans nom."
    ),
    "person_name_missing": (
        "Il manque le nom ou le prénom de la personne. Écrivez-le, ou enregistrez l’accueil sans"
        " nom."
    ),
    "referral_needs_notice": (
        "Une mise en relation part seulement quand la note d’information a été remise à la"
        " personne. Remettez-la, puis notez-le."
    ),
    "referral_needs_person": (
        "Une mise en relation par le programme ou par fichier demande le nom de la personne."
        " Notez-le, ou passez le relais sur papier."
    ),
    "referral_needs_contact": (
        "Une mise en relation par le programme ou par fichier demande un moyen de joindre la"
        " personne : téléphone, courriel ou adresse. Notez-en un, ou passez le relais sur papier."
    ),
    "referral_needs_agreement": (
        "Il manque la réponse de la personne : accepte-t-elle que cette structure reçoive sa"
        " fiche ? Sans son accord, rien ne part."
    ),
    "minor_agreement_missing": (
        "La personne est mineure : notez qui a donné l’accord, elle-même, son représentant légal ou"
        " les deux ensemble, comme la règle de la Région le demande à cet âge."
    ),
    "sensitive_needs_agreement": (
        "Santé et arrêt de travail ne se notent qu’à la demande de la personne, avec son accord"
        " pour chacun. Rien n’a été enregistré : notez cet accord, ou retirez ces mots."
    ),
    "recipient_outside_exchange": (
        "La structure choisie[, {name},] n’utilise pas le programme. Passez-lui le relais sur"
        " papier, avec la fiche de liaison."
    ),
    "referral_to_oneself": (
        "Une structure ne peut pas se mettre en relation avec elle-même. Choisissez un autre"
        " destinataire."
    ),
    "answer_not_allowed": (
        "Cette réponse[, « {status} »,] ne peut pas suivre l’état de cette mise en relation[,"
        " « {present} »]. Rien n’a changé ; regardez son historique."
    ),
    "refusal_reason_missing": (
        "Un refus se donne avec sa raison, pour que la première porte sache quoi faire. Choisissez"
        " une raison, puis répondez de nouveau."
    ),
}

_WORKSPACE: Final = {
    "workspace_missing": (
        "Il n’y a pas d’espace de travail dans ce dossier[ ({folder})]. Créez-en un avec"
        " « deux-portes init », ou indiquez son dossier avec --workspace."
    ),
    "workspace_exists": (
        "Ce dossier contient déjà un espace de travail[ ({folder})] : il n’est jamais écrasé."
        " Choisissez un autre dossier avec --workspace, ou ouvrez celui-ci."
    ),
    "no_display": (
        "Il n’y a pas d’écran ici : les fenêtres ne peuvent pas s’ouvrir. Tout se fait aussi en"
        " ligne de commande : « deux-portes --help »."
    ),
    "not_for_practice": (
        "Cet espace de travail[ ({folder})] n’a pas été créé pour l’exercice : aucune personne"
        " inventée n’y entre. Créez-en un avec « deux-portes init --practice »."
    ),
    "workspace_damaged": (
        "Le fichier de l’espace de travail ne peut pas être lu : il est abîmé, ou ce n’est pas le"
        " nôtre. N’y touchez pas, gardez-en une copie, et reprenez une sauvegarde. Ce que le relais"
        " a déjà reçu n’est pas perdu."
    ),
    "workspace_from_the_future": (
        "Une version plus récente du programme a écrit cet espace de travail. Mettez ce poste à"
        " jour ; d’ici là rien n’y est touché."
    ),
    "workspace_busy": (
        "Une autre fenêtre ou une autre commande tient cet espace de travail. Fermez-la, ou"
        " attendez qu’elle ait fini, puis recommencez. Rien n’a été modifié."
    ),
    "disk_full": (
        "Le disque est plein : rien de plus ne peut être enregistré. Libérez de la place, puis"
        " recommencez ; ce qui était enregistré l’est toujours."
    ),
    "disk_refused": (
        "Le disque refuse de lire ou d’écrire : droits du dossier, support protégé ou disque"
        " fatigué. Vérifiez-le, puis recommencez ; ce qui était enregistré l’est toujours."
    ),
}

_EXCHANGE: Final = {
    "event_forged": (
        "Un enregistrement reçu contredit un enregistrement connu sous le même nom. Il a été mis à"
        " part sans être appliqué ; signalez-le à la Région. Vos fiches sont intactes."
    ),
    "not_enrolled": (
        "La structure de ce poste n’est pas encore certifiée par la Région. Préparez la demande"
        " dans Réglages, « Postes de la structure » (ou « deux-portes structure init »), envoyez-la"
        " à la Région, puis ouvrez-y le certificat reçu (ou « deux-portes structure enrol »)."
    ),
    "relay_absent": (
        "Le relais ne répond pas : pas de réseau ici, ou le relais est arrêté. Tout est gardé sur"
        " ce poste et partira au prochain échange."
    ),
    "link_cut": (
        "La connexion a été coupée pendant l’échange. Ce qui était arrivé est gardé des deux"
        " côtés ; le reste partira au prochain échange."
    ),
    "exchange_cancelled": (
        "L’échange a été interrompu. Ce qui était passé est gardé des deux côtés ; le reste partira"
        " au prochain échange."
    ),
    "certificate_file": (
        "Ce fichier ne contient pas de certificat lisible (format PEM attendu). Rien n’a été"
        " changé ; redemandez-le au service informatique."
    ),
    "proxy_address": (
        "[« {url} » : ]ce n’est pas l’adresse d’un proxy. Elle commence par http:// et"
        " finit par le numéro de son port. Rien n’a été changé."
    ),
    "proxy_refused": (
        "Le proxy de ce lieu ne laisse pas passer l’échange. Vérifiez son adresse avec le service"
        " informatique ; tout est gardé sur ce poste et partira au prochain échange."
    ),
    "relay_stalled": (
        "La connexion est ouverte mais rien ne passe[ depuis {seconds}\u202fs]. Tout est gardé sur"
        " ce poste ; l’échange reprendra où il en était."
    ),
    "not_our_relay": (
        "Autre chose répond à la place du relais : une page de connexion au réseau, un proxy, un"
        " autre serveur. Ouvrez la page de connexion du lieu si elle existe ; rien n’est parti et"
        " rien n’est perdu."
    ),
    "wrong_certificate": (
        "Le certificat du serveur n’est pas reconnu pour cette adresse. Vérifiez la date de ce"
        " poste et le réseau utilisé, puis prévenez la Région. Rien n’est parti, rien n’est perdu."
    ),
    "relay_needs_tls": (
        "L’adresse du relais n’est pas chiffrée[ ({url})] : le poste refuse de s’en servir."
        " Demandez à la Région une adresse en https. Rien n’est parti et rien n’est perdu."
    ),
    "relay_answer_unreadable": (
        "Le relais a été reconnu, mais sa réponse n’est pas celle attendue. Réessayez plus tard ;"
        " si cela dure, mettez ce poste à jour. Tout est gardé ici."
    ),
    "bundles_refused": (
        "Le relais a refusé une partie de ce qui lui a été envoyé. Rien n’est perdu : tout est"
        " gardé sur ce poste. Si cela dure, prévenez la Région."
    ),
    "relay_refused": (
        "Le relais a refusé l’échange[ ({refusal})]. Tout est gardé sur ce poste ; réessayez, et"
        " si cela dure prévenez la Région."
    ),
    "not_admitted_yet": (
        "Le relais ne connaît pas encore ce poste : son certificat ne lui est pas parvenu. Tout est"
        " gardé ici et partira dès que le poste sera admis."
    ),
    "machine_revoked": (
        "Ce poste, ou sa structure, a été retiré de l’échange : il n’envoie ni ne reçoit plus rien."
        " Rien n’est perdu : vos fiches restent lisibles ici, et ce qui n’était pas parti peut être"
        " remis sur clé à un autre poste. Voyez avec le responsable de la structure."
    ),
    "certificate_expired": (
        "Le certificat de ce poste ou de sa structure a expiré : il envoie encore mais ne reçoit"
        " plus. Demandez à la Région de le renouveler ; rien n’est perdu."
    ),
    "clock_refused": (
        "L’heure de ce poste est trop loin de celle du relais. Réglez la date et l’heure, puis"
        " relancez l’échange ; tout est gardé ici."
    ),
    "relay_without_authority": (
        "Le relais n’est pas encore mis en service par sa Région et refuse tout le monde. Réessayez"
        " plus tard ; tout est gardé sur ce poste."
    ),
    "no_identity": (
        "Ce poste n’a pas de clés à lui : il n’a pas été créé par ce programme. Créez-le avec"
        " « deux-portes init » ou « deux-portes join ». Vos fiches restent ici."
    ),
    "no_region": (
        "Ce poste ne connaît pas encore le relais de sa Région. Tout est gardé ici ; préparez la"
        " demande dans Réglages, « Postes de la structure » (ou « deux-portes structure init »),"
        " puis ouvrez-y le certificat reçu (ou « deux-portes structure enrol »)."
    ),
    "carried_file_refused": (
        "Ce fichier ne peut pas être accepté : il est illisible, a été modifié en route, ou vient"
        " d’une autre Région[ ({reason})]. Demandez-le de nouveau ; rien n’a changé sur ce poste."
    ),
    "other_structure": (
        "Ce certificat est celui d’une autre structure. Demandez à la Région celui qui répond à la"
        " demande de ce poste ; rien n’a changé."
    ),
    "not_the_root": (
        "Seul le premier poste de la structure peut faire cela : c’est lui qui garde sa clé"
        " principale. Recommencez sur ce poste-là ; rien n’a changé ici."
    ),
    "unknown_request": (
        "Aucun poste n’attend d’être admis avec ce code[ : « {spoken} »]. Faites-le relire, ou"
        " lancez un échange pour recevoir sa demande."
    ),
    "unknown_machine": (
        "Aucun poste de la structure n’a ce code[ : « {named} »]. Recopiez celui que donne"
        " « deux-portes structure machines » ; rien n’a changé."
    ),
    "removes_itself": (
        "Un poste ne se retire pas lui-même : la structure perdrait sa clé principale. Reprenez-la"
        " d’abord sur un autre poste avec le code de reprise ; rien n’a changé."
    ),
    "nothing_late": (
        "Rien de ce poste n’attend de décision ici. Lancez un échange, puis voyez"
        " « deux-portes exchange quarantine »."
    ),
    "recovery_code_mistyped": (
        "Ce n’est pas un code de reprise : un signe est faux, en trop ou manque. Recopiez les sept"
        " groupes de quatre signes tels qu’ils sont imprimés ; rien n’a été créé."
    ),
    "recovery_unknown": (
        "Aucune structure de cette Région n’est reprise par ce code : un autre l’a remplacé depuis,"
        " ou il n’a jamais été transmis par un échange. Cherchez un papier plus récent ; sinon la"
        " Région peut certifier une nouvelle clé. Rien n’a été créé."
    ),
    "unknown_conflict": (
        "Aucune autre clé n’attend de décision pour cette référence. Voyez"
        " « deux-portes structure conflicts » ; rien n’a changé."
    ),
    "too_many_requests": (
        "Le relais demande d’attendre un peu : trop de demandes lui sont venues de ce poste ou de"
        " ce lieu. Tout est gardé ici ; l’échange reprendra de lui-même."
    ),
    "relay_full": (
        "Le relais n’a plus de place. Ce qu’il a déjà reçu est en sûreté, le reste est gardé sur ce"
        " poste et partira plus tard ; prévenez la Région."
    ),
}

SENTENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        code: typeset(text)
        for family in (
            *(_INPUT, _WORKSPACE, _EXCHANGE),
            *(OPENING_SENTENCES, STICK_SENTENCES, PRINTING_SENTENCES),
            *(REGISTER_SENTENCES, IMPORTING_SENTENCES, REFERRAL_SENTENCES),
        )
        for code, text in family.items()
    }
)
"""By code of refusal, its sentence; `{name}` is a fact, `[ ]` surrounds what may be left unsaid."""

DUE: Final[Mapping[str, str]] = MappingProxyType(
    {
        code: typeset(text)
        for code, text in {
            "structure_expires_soon": (
                "Le certificat de la structure prend fin le {until}. Vos fiches partiront"
                " toujours ; pour recevoir encore après, envoyez à la Région la demande que donne"
                " « deux-portes structure init » : elle le renouvelle."
            ),
            "structure_expired": (
                "Le certificat de la structure a pris fin le {until} : ce poste envoie encore, mais"
                " ne reçoit plus. Demandez à la Région de le renouveler ; rien n’est perdu."
            ),
            "machine_expires_soon": (
                "Le certificat de ce poste prend fin le {until}. Vos fiches partiront toujours ; le"
                " premier poste de la structure le renouvelle de lui-même : faites-lui faire un"
                " échange, puis un ici."
            ),
            "machine_expired": (
                "Le certificat de ce poste a pris fin le {until} : il envoie encore, mais ne reçoit"
                " plus. Faites faire un échange au premier poste de la structure ; rien n’est"
                " perdu."
            ),
            "machine_removed": (
                "Ce poste a été retiré de l’échange. Ses fiches restent lisibles ici, et ce qui"
                " n’était pas parti peut être remis sur clé à un autre poste."
            ),
            "no_recovery_kit": (
                "Si ce poste brûle, la structure est perdue : imprimez son code de reprise avec"
                " « deux-portes structure recovery-kit »."
            ),
            "decision_awaited": (
                "Deux clés se disputent une même place : voyez « deux-portes structure conflicts »."
            ),
        }.items()
    }
)
"""By code, what somebody must see to before it hinders; `{until}` is a day."""

DUE_ON_SCREEN: Final[Mapping[str, str]] = MappingProxyType(
    {
        code: typeset(text)
        for code, text in {
            "structure_expires_soon": (
                "Le certificat de la structure prend fin le {until}. Vos fiches partiront"
                " toujours ; pour recevoir encore après, envoyez une nouvelle demande à la Région :"
                " elle le renouvelle."
            ),
            "no_recovery_kit": (
                "Si ce poste brûle, la structure est perdue : faites son code de reprise, sur"
                " papier, et rangez-le ailleurs."
            ),
            "decision_awaited": (
                "Deux clés se disputent une même place : comparez leurs codes de vive voix, puis"
                " décidez."
            ),
        }.items()
    }
)
"""The same where the screen leads to the page itself, instead of naming a command."""
