"""Why a partner is proposed, what to check first, why another is set aside: in French. No Qt.

Each reason is a few words without a capital or a full stop, so that several make one line:
« reçoit les personnes en recherche d’emploi, ouvert mardi 9 h–12 h, à 14 km à vol d’oiseau, fiche
vérifiée en mars ».
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from app.matching.reasons import Reason, ReasonCode
from app.reference.directory import PERMANENCE, ROUND
from app.reference.networks import OLDEST
from ui.moments import MONTHS, NARROW, NO_BREAK, WEEKDAYS, count, day, time_of_day
from ui.sentences import typeset

if TYPE_CHECKING:
    from app.matching.situation import Candidate, SetAside
    from app.reference.vocabulary import Vocabularies

Facts: TypeAlias = Mapping[str, Any]  # codes, numbers and days; their types are those of the code

PUBLICS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "agent_public": "les agents publics",
        "alternance": "les personnes en alternance",
        "apprenti_scolarise": "les personnes en apprentissage",
        "artisan": "les artisans et commerçants",
        "conge_parental": "les personnes en congé parental",
        "decrocheur": "les jeunes sortis de l’école sans diplôme",
        "demandeur_emploi": "les personnes en recherche d’emploi",
        "etudiant_salarie": "les étudiants qui travaillent",
        "exploitant_agricole": "les exploitants agricoles",
        "independant": "les personnes à leur compte",
        "micro": "les micro-entreprises",
        "salarie": "les salariés",
        "sans_activite": "les personnes sans activité",
        "scolaire": "les élèves",
        "service_civique": "les jeunes en service civique",
        "stagiaire_formation": "les stagiaires de la formation",
        "superieur": "les étudiants",
        "actifs": "les personnes en emploi",
        "beneficiaires-des-minimas-sociaux": "les bénéficiaires de minima sociaux",
        "demandeurs-emploi": "les personnes en recherche d’emploi",
        "etudiants": "les étudiants",
        "familles": "les familles",
        "femmes": "les femmes",
        "jeunes": "les jeunes",
        "personnes-en-situation-de-handicap": "les personnes handicapées",
        "personnes-en-situation-durgence": "les personnes en situation d’urgence",
        "personnes-en-situation-juridique-specifique": "les personnes sous main de justice",
        "personnes-exilees": "les personnes exilées",
        "residents-qpv-frr": "les habitants de quartiers ou de zones prioritaires",
        "seniors": "les séniors",
    }
)
"""Situations of `public_status` and audiences of data·inclusion, as the object of « reçoit »."""

_FIXED: Final[Mapping[ReasonCode, str]] = MappingProxyType(
    {
        ReasonCode.LEGAL_DUTY: (
            "à proposer d’abord à 16 ou 17 ans sans école, formation ni emploi (code de"
            " l’éducation, article L.114-1)"
        ),
        ReasonCode.NO_COMPETENT: (
            "aucun partenaire plus compétent à portée : premier accueil de la demande"
        ),
        ReasonCode.NO_MOTIVE: "aucun motif précisé : premier accueil de la demande",
        ReasonCode.EVERYBODY: "reçoit tout le monde",
        ReasonCode.EXECUTIVE: "reçoit les cadres",
        ReasonCode.DISABILITY: "reçoit les personnes handicapées",
        ReasonCode.COUNSELLING: "conseil en évolution professionnelle, gratuit et confidentiel",
        ReasonCode.SAME_COMMUNE: "dans la commune",
        ReasonCode.ON_SITE: "reçoit sur place, comme souhaité",
        ReasonCode.HOURS_UNKNOWN: "horaires non indiqués",
        ReasonCode.SCHOOL_HOLIDAYS: "horaires à vérifier pendant les vacances scolaires",
        ReasonCode.MODE_UNSAID: "mode d’accueil à vérifier",
        ReasonCode.PLACE_UNKNOWN: "lieu à vérifier",
        ReasonCode.PAID: "service payant",
        ReasonCode.NOT_EXECUTIVE: "reçoit les cadres",
        ReasonCode.EXECUTIVE_UNSAID: "reçoit les cadres, ce qui n’a pas été précisé",
        ReasonCode.DISABILITY_UNSAID: (
            "reçoit les personnes handicapées, quand elles souhaitent le dire"
        ),
        ReasonCode.PUBLIC_AGENT: (
            "ne reçoit pas les agents publics, dont l’employeur public a son propre conseil"
        ),
        ReasonCode.NO_COUNSELLING: (
            "le conseil en évolution professionnelle s’adresse aux personnes qui travaillent ou"
            " cherchent un emploi"
        ),
        ReasonCode.OUT_OF_AREA: "ne couvre pas cette commune",
    }
)
_ACCESSIBLE: Final = {
    "accessible": "lieu accessible",
    "on_request": "lieu accessible sur demande",
    "not_accessible": "lieu non accessible",
}
_MODES: Final = {"a-distance": "à distance", "en-presentiel": "sur place"}
_DAYS_NAMED_BY_WEEKDAY: Final = 6
_MOST_PUBLICS: Final = 3


@dataclass(frozen=True, slots=True)
class MatchingWords:
    """Puts reasons into French, for a question asked of one moment (local, naive)."""

    vocabularies: "Vocabularies"
    at: dt.datetime

    def reasons(self, candidate: "Candidate") -> list[str]:
        """Return why a structure is proposed and what to check, in the order they are said."""
        return [self.reason(one) for one in candidate.reasons]

    def line(self, candidate: "Candidate") -> str:
        """Return all of it as one line."""
        return ", ".join(self.reasons(candidate))

    def set_aside(self, one: "SetAside") -> str:
        """Return why a structure is set aside."""
        return self.reason(one.reason)

    def reason(self, one: Reason) -> str:
        """Return one reason in words."""
        fixed = _FIXED.get(one.code)
        return typeset(fixed if fixed is not None else _SAID[one.code](self, one.facts))

    def labels(self, vocabulary: str, codes: Iterable[str]) -> str:
        """Return words of a vocabulary as they stand inside a sentence."""
        words = (self.vocabularies.label(vocabulary, code) for code in codes)
        return ", ".join(word[:1].lower() + word[1:] for word in words)

    def day_near(self, on: dt.date) -> str:
        """Return a day by its name within the week, else by its date."""
        if 0 <= (on - self.at.date()).days <= _DAYS_NAMED_BY_WEEKDAY:
            return WEEKDAYS[on.weekday()]
        return f"le {day(on)}"

    def month(self, on: dt.date) -> str:
        """Return a month, with its year when it is another one."""
        year = "" if on.year == self.at.year else f"{NO_BREAK}{on.year}"
        return f"{MONTHS[on.month - 1]}{year}"


def at_commune(name: str) -> str:
    """Return where a commune is: « à Bélâbre », « au Blanc », « aux Bordes »."""
    for article, contracted in (("Le ", "au "), ("Les ", "aux ")):
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    return f"à {name}"


def held_at(kind: str, commune: str) -> str:
    """Return how a service is held elsewhere: « permanence à Bélâbre »."""
    held = {PERMANENCE: "permanence", ROUND: "passage de la tournée"}[kind]
    return f"{held} {at_commune(commune)}" if commune else held


def _follows(_words: MatchingWords, facts: Facts) -> str:
    former = facts["formerly"]
    return f"a pris la suite de {former}, qui suivait la personne" if former else "suit la personne"


def _publics(facts: Facts) -> str:
    names = list(dict.fromkeys(PUBLICS.get(code, code) for code in facts["publics"]))
    said = ", ".join(names[:_MOST_PUBLICS])
    return f"{said}, etc." if len(names) > _MOST_PUBLICS else said


def _ages(facts: Facts) -> str:
    first, last = facts["first"], facts["last"]
    if last >= OLDEST:
        return f"à partir de {first}{NO_BREAK}ans"
    return f"de {first} à {last}{NO_BREAK}ans"


def _levels(facts: Facts) -> str:
    if not facts["last"]:
        return f"le niveau {facts['first']} et plus"
    if not facts["first"]:
        return f"le niveau {facts['last']} au plus"
    return f"les niveaux {facts['first']} à {facts['last']}"


def _clock(minutes: int) -> str:
    hour, minute = divmod(minutes, 60)
    return f"{hour}{NARROW}h" + (f"{NARROW}{minute:02d}" if minute else "")


def _comments(facts: Facts) -> str:
    return f" ({', '.join(facts['comments'])})" if facts["comments"] else ""


def _open(words: MatchingWords, facts: Facts) -> str:
    whole = (0, 24 * 60)
    spans = [f"{_clock(a)}–{_clock(b)}" for a, b in facts["spans"] if (a, b) != whole]
    hours = f" {' et '.join(spans)}" if spans else ""
    return f"ouvert {words.day_near(_day(facts['on']))}{hours}{_comments(facts)}"


def _opens(words: MatchingWords, facts: Facts) -> str:
    at = dt.datetime.fromisoformat(facts["at"])
    hour = f" à {time_of_day(at)}" if at.time() != dt.time.min else ""
    return f"ouvre {words.day_near(at.date())}{hour}{_comments(facts)}"


def _distance(facts: Facts) -> str:
    km = facts["km"]
    about = "environ " if facts["approximate"] else ""
    if km < 1:
        return f"à moins d’un kilomètre à vol d’oiseau{' environ' if about else ''}"
    return f"à {about}{round(km)}{NO_BREAK}km à vol d’oiseau"


def _within(facts: Facts) -> str:
    """Return a distance, with how far the person said they can go."""
    is_said = "limit" in facts and facts["km"] >= 1
    limit = f", dans la limite de {facts['limit']:g}{NO_BREAK}km" if is_said else ""
    return f"{_distance(facts)}{limit}"


def _limit(facts: Facts) -> str:
    return f"plus loin que les {facts['limit']:g}{NO_BREAK}km possibles"


def _stale(words: MatchingWords, facts: Facts) -> str:
    return f"fiche vérifiée en {words.month(_day(facts['on']))}, à revérifier"


def _not_member(_words: MatchingWords, facts: Facts) -> str:
    since = f" depuis le {day(facts['since'])}" if facts["since"] else ""
    return f"hors du service public régional de l’orientation{since}"


def _ended(_words: MatchingWords, facts: Facts) -> str:
    if facts.get("service"):
        return f"service arrêté depuis le {day(facts['on'])}"
    successor = f" ; {facts['successor']} a pris la suite" if facts["successor"] else ""
    return f"structure fermée depuis le {day(facts['on'])}{successor}"


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


_SAID: Final[Mapping[ReasonCode, Callable[[MatchingWords, Facts], str]]] = MappingProxyType(
    {
        ReasonCode.FOLLOWS: _follows,
        ReasonCode.RECEIVES: lambda _, facts: f"reçoit {_publics(facts)}",
        ReasonCode.AGES: lambda _, facts: _ages(facts),
        ReasonCode.MOTIVE: lambda words, facts: (
            f"répond à : {words.labels('request_motive', facts['motives'])}"
        ),
        ReasonCode.LEVEL: lambda _, facts: f"fait pour {_levels(facts)}",
        ReasonCode.SPEAKS: lambda words, facts: (
            f"reçoit en {words.labels('language', facts['languages'])}"
        ),
        ReasonCode.OPEN: _open,
        ReasonCode.OPENS: _opens,
        ReasonCode.HELD_AT: lambda _, facts: held_at(facts["how"], facts["commune"]),
        ReasonCode.DISTANCE: lambda _, facts: _within(facts),
        ReasonCode.REMOTE: lambda _, facts: (
            "reçoit à distance, comme souhaité" if facts["wished"] else "joignable à distance"
        ),
        ReasonCode.CHECKED: lambda words, facts: (
            f"fiche vérifiée en {words.month(_day(facts['on']))}"
        ),
        ReasonCode.STALE: _stale,
        ReasonCode.HOURS_NOTE: lambda _, facts: f"horaires : {', '.join(facts['comments'])}",
        ReasonCode.HOURS_UNREADABLE: lambda _, facts: f"horaires à vérifier : « {facts['text']} »",
        ReasonCode.CLOSED: lambda _, facts: (
            f"aucune ouverture prévue dans les {count(facts['days'], 'jour')} à venir"
        ),
        ReasonCode.OTHER_PUBLIC: lambda _, facts: f"reçoit d’abord {_publics(facts)} : à vérifier",
        ReasonCode.PUBLIC_UNSAID: lambda _, facts: f"reçoit {_publics(facts)} : à vérifier",
        ReasonCode.OTHER_AGES: lambda _, facts: f"reçoit d’ordinaire {_ages(facts)} : à vérifier",
        ReasonCode.AGE_UNSAID: lambda _, facts: f"reçoit {_ages(facts)} : âge à vérifier",
        ReasonCode.OTHER_LEVEL: lambda _, facts: f"fait plutôt pour {_levels(facts)}",
        ReasonCode.LANGUAGE_UNSAID: lambda words, facts: (
            f"langue à vérifier : {words.labels('language', facts['languages'])}"
        ),
        ReasonCode.BEYOND_REACH: lambda _, facts: f"{_limit(facts)} : l’appeler d’abord",
        ReasonCode.WAITING: lambda _, facts: (
            f"délai annoncé de {count(facts['days'], 'jour')}"
            if facts["days"]
            else "sans délai annoncé"
        ),
        ReasonCode.CAPACITY: lambda _, facts: str(facts["words"]),
        ReasonCode.ACCESSIBLE: lambda _, facts: str(_ACCESSIBLE.get(facts["how"], facts["how"])),
        ReasonCode.NOT_MEMBER: _not_member,
        ReasonCode.REFUSED: lambda _, facts: f"a refusé le {day(_day(facts['on']))}",
        ReasonCode.ENDED: _ended,
        ReasonCode.AGE_OUTSIDE: lambda _, facts: f"reçoit {_ages(facts)}",
        ReasonCode.OTHER_MODE: lambda _, facts: (
            f"ne reçoit pas {_MODES.get(facts['mode'], facts['mode'])}"
        ),
        ReasonCode.OUT_OF_REACH: lambda _, facts: f"{_distance(facts)}, {_limit(facts)}",
    }
)
"""By code, what says its facts; see `ReasonCode` for what each has."""
