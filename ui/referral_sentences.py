"""What to say of a referral that cannot be changed or sent once more; see `ui.sentences`."""

from typing import Final

REFERRAL_SENTENCES: Final = {
    "not_covered_by_agreement": (
        "Cela n’a pas été transmis : l’accord de la personne ne le couvre pas. Une correction ne"
        " remplace que ce qui est parti ; pour transmettre autre chose, demandez-lui un nouvel"
        " accord."
    ),
    "nothing_to_correct": "Rien ne change : la mise en relation le dit déjà ainsi.",
    "unknown_service": (
        "L’annuaire ne connaît pas ce service à cette structure : choisissez-la de nouveau, ou un"
        " autre de ses services."
    ),
    "nobody_to_ask_again": (
        "Cette mise en relation est sans nom : personne ne peut être rappelé pour donner un nouvel"
        " accord. Faites-en une autre quand la personne revient."
    ),
}
