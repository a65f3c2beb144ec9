"""Invented receptions on which the dictionary of bundles is trained; nobody in them exists.

Family names are made of the word « exemple » and its like, telephones are those kept for fiction,
mail goes to `.example`. Only the words of the trade are real: vocabularies, communes, what people
ask at the door of a guidance office in the country.
"""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from app.domain.minors import TOGETHER, age_on
from app.domain.reception import PersonDetails, Reception, WantedReferral
from app.domain.reception_rules import sensitive_codes
from app.usecases.desk import Reference


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(text.split(";"))


MAJORITY: Final = 18
MINOR_BANDS: Final = frozenset({"moins_16", "16_17"})

FAMILIES: Final = _words(
    "Exemple Exemplier Exemplaire Modèle Fictif Inventé Imaginaire Quidam Personne Essai Témoin"
    " Échantillon Specimen Prototype Brouillon Esquisse Figurant Silhouette Anonyme Untel"
)
GIVEN: Final = _words(
    "Camille Marie Jean Nadia Lucas Emma Hugo Léa Manon Chloé Thomas Nicolas Julie Sarah Karim"
    " Fatima Sophie Claire Paul Pierre Anne Laura Mathis Enzo Inès Louise Jules Alice Maxime"
    " Antoine Céline Sandrine Nathalie Isabelle Philippe Michel Christine Patrick Sylvie Laurent"
)
TRADES: Final = _phrases(
    "boulanger;infirmière;mécanicien;maçon;plombier;coiffeuse;vendeuse;agricultrice;éducateur"
    ";secrétaire;comptable;chauffeur routier;jardinier;ébéniste;assistante sociale;aide à domicile"
    ";agent d'entretien;magasinier;serveur;maraîcher;éleveur;développeur;vétérinaire"
)
TOWNS: Final = _phrases(
    "Le Blanc;Châteauroux;Argenton-sur-Creuse;Issoudun;Loches;Amboise;Bourges;Vierzon;Tours;Blois"
    ";Chinon;Romorantin;Vendôme;Saint-Amand-Montrond;Montargis;Pithiviers;Dreux;Orléans"
)
TURNS: Final = (
    "Je voudrais travailler dans un autre domaine, je ne sais pas par où commencer.",
    "Je cherche une formation de {trade} près de chez moi.",
    "Cherche un emploi à {town} ou aux alentours, n'a pas le permis de conduire.",
    "Est-ce que mon compte personnel de formation peut payer la formation ?",
    "A besoin d'aide pour s'inscrire à France Travail et actualiser sa situation.",
    "Souhaite faire un bilan de compétences avant de se décider.",
    "Mon fils ne veut plus aller au lycée, que peut-il faire ?",
    "Veut préparer un CAP de {trade} en alternance, cherche un employeur.",
    "A travaillé {count} ans comme {trade} et voudrait faire reconnaître son expérience (VAE).",
    "Pas de voiture, peut venir par le car jusqu'à {town}.",
    "Son contrat à durée déterminée se termine le {day:02d}/{month:02d}/2026.",
    "Demande comment financer une reconversion quand on est salarié.",
    "Ne parle pas bien français et veut apprendre à lire et à écrire.",
    "N'a pas d'ordinateur à la maison, la connexion est mauvaise.",
    "A reçu un courrier de la CAF et ne le comprend pas.",
    "Voudrait créer son entreprise de {trade} à {town}.",
    "Inscription à faire avant le {day:02d}/{month:02d}.",
    "Rendez-vous pris le {day:02d}/{month:02d} à {hour} h avec la mission locale.",
    "Vit seule avec {count} enfants, doit trouver une garde.",
    "Reprend des études après un congé parental.",
    "La personne a été reçue sans rendez-vous à la permanence de {town}.",
    "Souhaite découvrir les métiers de l'agriculture et du bois.",
    "A quitté l'école en troisième, veut passer un diplôme.",
    "En arrêt de travail, ne pourra pas reprendre le métier de {trade}.",
    "Quelles sont les aides pour passer le permis ?",
    "Cherche un stage de découverte de deux semaines pendant les vacances.",
    "Orientée par la mairie, vient pour la première fois.",
    "Veut rencontrer un conseiller pour parler de son projet professionnel.",
    "Rappeler le matin, préfère le téléphone au courriel.",
    "Disponible tous les jours sauf le mercredi après-midi.",
)
ANALYSED: Final = (
    "Clarifier le projet, puis choisir une formation.",
    "Vérifier le projet par une immersion en entreprise.",
    "Construire le financement de la formation avec le conseiller.",
    "Lever d'abord le problème de mobilité et de logement.",
)
MESSAGES: Final = (
    "Merci de prendre contact avec la personne dans la semaine.",
    "La personne est disponible, elle attend votre appel.",
    "Le dossier doit être déposé avant la date indiquée.",
)
TELEPHONES: Final = ("01 99 00", "02 61 91", "03 53 01", "04 65 71", "05 36 49", "06 39 98")

NEAR: Final = "36"
"""The department of the invented office."""

PARIS_WINTER: Final = dt.timezone(dt.timedelta(hours=1))


class InventedReceptions:
    """Draws receptions; the same seed draws the same ones."""

    def __init__(self, seed: int, reference: Reference) -> None:
        self._draw = random.Random(seed)  # noqa: S311 - invented people, not secrets
        self._vocabularies = reference.vocabularies
        self._communes = [commune.insee_code for commune in reference.communes]
        self._near = [code for code in self._communes if code.startswith(NEAR)]

    def pause_s(self) -> int:
        """Return how long until the next visitor."""
        return self._draw.randint(120, 3_600)

    def one_of(self, vocabulary: str) -> str:
        """Draw a code of a vocabulary."""
        return self._draw.choice(self._codes(vocabulary))

    def author(self) -> str:
        """Draw an agent's name."""
        return f"{self._draw.choice(GIVEN)} {self._draw.choice(FAMILIES)}"

    def next(self, at: dt.datetime, recipients: Sequence[str]) -> Reception:
        """Draw a reception, handed over to one of the recipients now and then.

        Everybody agrees to all that they say, a minor with a parent.
        """
        said = self._said(at, recipients)
        born = said.person.birth_on if said.person else ""
        is_minor = said.age_band in MINOR_BANDS
        if born:
            is_minor = age_on(dt.date.fromisoformat(born), at.date()) < MAJORITY
        return replace(
            said,
            sensitive_agreed=sensitive_codes(said),
            agreed_by=TOGETHER if is_minor else "",
        )

    def _said(self, at: dt.datetime, recipients: Sequence[str]) -> Reception:
        is_named = self._happens(0.7)
        commune = self._commune()
        return Reception(
            expressed=self._text(),
            received_at=at.astimezone(PARIS_WINTER).isoformat(timespec="seconds"),
            analysed=self._draw.choice(ANALYSED) if self._happens(0.3) else "",
            mode=self.one_of("reception_mode"),
            place=self._maybe("place_type"),
            visitor=self._maybe("visitor"),
            how_they_came=self._maybe("how_they_came"),
            motives=self._some("request_motive"),
            needs=self._some("need"),
            barriers=self._some("barrier") if self._happens(0.5) else (),
            purpose=self._maybe("purpose"),
            status=self._maybe("public_status"),
            level_reached=self._maybe("training_level"),
            diploma_obtained=self._maybe("training_level"),
            sex=self._maybe("sex"),
            age_band=self._maybe("age_band"),
            commune=commune,
            information_given=self._some("information_kind"),
            mixite_addressed=self._happens(0.2),
            outcome=self._maybe("outcome"),
            duration_min=self._draw.choice((None, 5, 10, 15, 20, 30, 45, 60)),
            notice_given=True,
            agreement_to_record=True if is_named else None,
            person=self._person(commune) if is_named else None,
            referral=self._referral(recipients) if is_named and self._happens(0.3) else None,
            reception_note=self._text() if self._happens(0.1) else "",
        )

    def _person(self, commune: str) -> PersonDetails:
        given, family = self._draw.choice(GIVEN), self._draw.choice(FAMILIES)
        born = dt.date(1948, 1, 1) + dt.timedelta(days=self._draw.randint(0, 22_800))
        return PersonDetails(
            family_name=family,
            given_name=given,
            birth_on=born.isoformat() if self._happens(0.8) else "",
            telephone=self._telephone(),
            email=f"{given}.{family}@courriel.example".lower() if self._happens(0.3) else "",
            address=f"{self._draw.randint(1, 80)} rue de l'Exemple" if self._happens(0.2) else "",
            commune=commune,
        )

    def _telephone(self) -> str:
        start, end = self._draw.choice(TELEPHONES), self._draw.randint(0, 9_999)
        return f"{start} {end // 100:02d} {end % 100:02d}"

    def _referral(self, recipients: Sequence[str]) -> WantedReferral:
        day = dt.date(2026, 12, 1) + dt.timedelta(days=self._draw.randint(0, 90))
        has_deadline = self._happens(0.4)
        return WantedReferral(
            to=self._draw.choice(recipients),
            agreement=True,
            handover=self.one_of("handover_mode"),
            deadline_on=day.isoformat() if has_deadline else "",
            deadline_reason=self.one_of("deadline_reason") if has_deadline else "",
            message=self._draw.choice(MESSAGES) if self._happens(0.5) else "",
        )

    def _text(self) -> str:
        turns = self._draw.sample(TURNS, self._draw.randint(1, 4))
        return " ".join(turns).format(
            trade=self._draw.choice(TRADES),
            town=self._draw.choice(TOWNS),
            count=self._draw.randint(2, 20),
            day=self._draw.randint(1, 28),
            month=self._draw.randint(1, 12),
            hour=self._draw.randint(8, 18),
        )

    def _commune(self) -> str:
        # Most visitors live near; anybody may come from further away.
        return self._draw.choice(self._near if self._happens(0.7) else self._communes)

    def _maybe(self, vocabulary: str) -> str:
        return self.one_of(vocabulary) if self._happens(0.75) else ""

    def _some(self, vocabulary: str) -> tuple[str, ...]:
        return tuple(self._draw.sample(self._codes(vocabulary), self._draw.randint(1, 3)))

    def _codes(self, vocabulary: str) -> Sequence[str]:
        return tuple(self._vocabularies.get(vocabulary).codes())

    def _happens(self, share: float) -> bool:
        return self._draw.random() < share
