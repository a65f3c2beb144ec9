"""Invented first receptions for the measures, in words that no shipped dictionary was trained on.

The words, names and turns of phrase here and those of `docs/data/train_dictionary.py` were written
apart; both take the codes of the vocabularies and of the communes, as any desk does. Every name is
put together from syllables and belongs to nobody; telephones are those kept for fiction.
"""

import datetime as dt
import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.domain.reception import PersonDetails, Reception
from app.domain.reception_rules import sensitive_codes
from app.reference.vocabulary import Vocabularies
from resources import resource_path

TEXT_LENGTH = 200
"""Signs of what people ask, as in the calculator of the limit."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(text.split(";"))


_FIRST = _words("Cal Mor Ber Tis Gau Ver Lam Pru Fel Nor Dar Hus Jol Ric Sab Vig")
_MIDDLE = _words("an el i ou er on a ai")
_LAST = _words("beuf court dier fosse gnon let mont nard quin rac seau tard val zac")
_GIVEN = _words(
    "Abel Adèle Alban Amina Anselme Apolline Basile Bérénice Célestin Clovis Colombe Désiré "
    "Edmée Élie Eulalie Fanny Gaspard Ghislaine Hector Honorine Ismaël Jeanne Kenza Lazare "
    "Ludivine Marius Nino Octave Ombeline Perrine Quentin Rosalie Samira Théa Ulysse Victor "
    "Wanda Yvette"
)
_RANGES = ("01 99 00", "02 61 91", "03 53 01", "04 65 71", "05 36 49", "06 39 98")
_TRADES = _phrases(
    "bergère;charpentier;couvreur;aide-soignante;tourneur;fleuriste;cariste;cuisinière;"
    "menuisier;auxiliaire de vie;conductrice de car;soudeur;paysagiste;caissier;"
    "secrétaire médicale;électricien;animatrice;boucher;sellière;technicien fibre;"
    "assistante maternelle;facteur"
)
_TOWNS = _phrases(
    "La Châtre;Vatan;Levroux;Buzançais;Mézières;Sainte-Sévère;Aigurande;Éguzon;Tournon;"
    "Valençay;Écueillé;Neuvy;Ardentes;Reuilly;Saint-Gaultier;Bélâbre"
)
_WHO = _phrases(
    "mon père;sa fille;mon ancien patron;une voisine;l'infirmière;mon conjoint;la maire"
)
_TURNS = (
    "J'aimerais devenir {trade} mais je n'ai jamais passé d'examen",
    "licencié(e) de l'usine de {town} depuis {count} mois, ne veut plus travailler à la chaîne",
    "on m'a parlé d'un contrat près de {town}, est-ce que c'est sérieux",
    "conduit le tracteur de {who} depuis {count} ans sans être déclaré(e)",
    "refuse de retourner au collège de {town}, {who} s'inquiète beaucoup",
    "voudrait savoir combien gagne un(e) {trade} qui commence",
    "pas de car après {hour} h, il faudrait loger sur place",
    "a obtenu {count} heures de ménage par semaine et cherche à compléter",
    "le dos ne suit plus, le médecin déconseille de porter",
    "ai vu l'affiche à la boulangerie de {town} et je suis venu(e) tout de suite",
    "demande si une reprise d'étude se paie quand on a plus de {age} ans",
    "garde {count} petits-enfants le mercredi, libre les autres jours à partir de {hour} h",
    "possède un vieux diplôme de {trade}, jamais utilisé",
    "n'ose pas téléphoner, préfère que {who} prenne le rendez-vous",
    "bail à {town} jusqu'au {day:02d}/{month:02d}, après on verra",
    "a suivi {who} dans la région et ne connaît encore personne",
    "s'est disputé(e) avec le maître d'apprentissage, contrat rompu le {day:02d}/{month:02d}",
    "rêve d'ouvrir un gîte du côté de {town}",
    "envoie des lettres partout, {count} réponses négatives",
    "préfère les bêtes aux ordinateurs",
    "prépare le concours de {trade} toute seule dans sa cuisine",
    "Dossier n° {number} bloqué depuis la rentrée, personne ne rappelle",
)
_LINKS = (". ", " ; ", ", ", "\n", " – ", ", et ")


class InventedDay:
    """Draws receptions, each some minutes after the one before; the same seed draws the same."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)
        self._codes = Vocabularies(resource_path("vocabulary"))
        communes = resource_path("communes", "communes.csv").read_text("utf-8").splitlines()[1:]
        self._communes = [line.partition(",")[0] for line in communes]

    def seconds_to_next(self) -> int:
        """Return how long until the next visitor."""
        return self._draw.randint(240, 2_700)

    def receptions(self, count: int) -> Iterator[Reception]:
        """Give named first receptions, without a hand-over and without restricted notes."""
        return itertools.islice(iter(self.reception, None), count)

    def reception(self) -> Reception:
        """Draw one, of somebody who agrees to all that they say."""
        said = self._said()
        return replace(said, sensitive_agreed=sensitive_codes(said))

    def _said(self) -> Reception:
        commune = self._draw.choice(self._communes)
        return Reception(
            expressed=self._text(),
            mode=self._one("reception_mode"),
            visitor=self._one("visitor"),
            how_they_came=self._one("how_they_came"),
            motives=self._some("request_motive", 2),
            needs=self._some("need", 3),
            barriers=self._some("barrier", 2)[: self._draw.randint(0, 2)],
            purpose=self._one("purpose"),
            status=self._one("public_status"),
            level_reached=self._one("training_level"),
            sex=self._one("sex"),
            age_band=self._one("age_band"),
            commune=commune,
            information_given=self._some("information_kind", 2),
            outcome=self._one("outcome"),
            duration_min=self._draw.choice((10, 15, 20, 30, 45, 60)),
            notice_given=True,
            agreement_to_record=True,
            person=self._person(commune),
        )

    def _person(self, commune: str) -> PersonDetails:
        born = dt.date(1950, 1, 1) + dt.timedelta(days=self._draw.randint(0, 22_000))
        choose, number = self._draw.choice, self._draw.randint
        return PersonDetails(
            family_name=choose(_FIRST) + choose(_MIDDLE) + choose(_LAST),
            given_name=choose(_GIVEN),
            birth_on=born.isoformat(),
            telephone=f"{choose(_RANGES)} {number(0, 99):02d} {number(0, 99):02d}",
            commune=commune,
        )

    def _text(self) -> str:
        text = ""
        while len(text) < TEXT_LENGTH:
            text += self._sentence() + self._draw.choice(_LINKS)
        return text[:TEXT_LENGTH].strip()

    def _sentence(self) -> str:
        choose, number = self._draw.choice, self._draw.randint
        return choose(_TURNS).format(
            trade=choose(_TRADES),
            town=choose(_TOWNS),
            who=choose(_WHO),
            count=number(2, 18),
            age=number(26, 58),
            hour=number(8, 19),
            day=number(1, 28),
            month=number(1, 12),
            number=number(10**5, 10**6 - 1),
        )

    def _one(self, vocabulary: str) -> str:
        return self._draw.choice(self._all(vocabulary))

    def _some(self, vocabulary: str, most: int) -> tuple[str, ...]:
        return tuple(self._draw.sample(self._all(vocabulary), self._draw.randint(1, most)))

    def _all(self, vocabulary: str) -> Sequence[str]:
        return tuple(self._codes.get(vocabulary).codes())
