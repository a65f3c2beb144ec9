"""The scenario of the two doors, played through the real windows, each step with what it proves.

Offline then online: somebody is received at Le Blanc and agrees to be handed over, somebody else
refuses; Châteauroux reads the referral and answers; Le Blanc reads the answer. What the relay holds
is then searched byte by byte.
"""

import json
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QWidget

from app.domain.referral import ACCEPTED, RECEIVED
from app.usecases.desk import Desk
from app.usecases.exchange_status import ExchangeStatus, exchange_status
from app.usecases.referrals import IN, OUT, ReferralLine, list_referrals
from ui.desktop import Desktop, application_for_desk
from ui.practice_hand import Album, Hand, NothingHappenedError, wait_until
from ui.practice_region import FIRST_DOOR, PASSPHRASE, SECOND_DOOR, PracticeRegion
from ui.texts import moment, typeset
from ui.widgets.suggest_field import SuggestField

AGREES = ("Zélie", "Exemplaire", "06 39 98 17 42")
ASKS = "Je voudrais apprendre un métier du bois, mais je ne sais pas par où commencer."
REFUSES = ("Théodule", "Imaginaire", "06 39 98 55 03")
ASKS_TOO = "Je cherche un stage en boulangerie près de chez moi."
ANSWERS = "Rendez-vous proposé jeudi à 10 h à Châteauroux."
SUMMARY = "resume.md"


@dataclass(slots=True)
class Proofs:
    """What was done and whether it was proved, for the summary."""

    lines: list[str] = field(default_factory=list)
    failed: int = 0

    def step(self, title: str, picture: str, *proved: tuple[str, bool]) -> None:
        """Note a step, its picture and what it proves; a proof that fails is counted."""
        self.lines.append(f"\n## {len(self.titles) + 1}. {title}\n\n![{title}]({picture})\n")
        for said, is_true in proved:
            self.failed += not is_true
            self.lines.append(f"- {'prouvé' if is_true else 'NON PROUVÉ'} : {said}")
        sys.stdout.write(f"{typeset(title)}\n")
        for said, is_true in proved:
            sys.stdout.write(f"   {'oui' if is_true else 'NON'}  {typeset(said)}\n")
        sys.stdout.flush()

    @property
    def titles(self) -> list[str]:
        """The steps noted so far."""
        return [line for line in self.lines if line.startswith("\n## ")]

    def write(self, file: Path) -> None:
        """Write the summary."""
        verdict = (
            "Tout est prouvé." if not self.failed else f"{self.failed} point(s) non prouvé(s)."
        )
        head = f"# Les deux portes, rejouées\n\nPersonnes et structures inventées. {verdict}\n"
        text = head + "\n".join(self.lines) + "\n"
        file.write_text(text, encoding="utf-8")


def play(region: PracticeRegion, shots: Path) -> int:
    """Play the scenario; return 0 when everything was proved."""
    qInstallMessageHandler(_without_platform_limits)
    application_for_desk()
    proofs = Proofs()
    scenario = _Scenario(region, Album(shots), proofs)
    try:
        scenario.play()
    except NothingHappenedError as error:
        proofs.step(f"Interrompu : {error} n’est pas venu", "", ("le scénario va au bout", False))
    finally:
        scenario.close()
        proofs.write(shots / SUMMARY)
    sys.stdout.write(typeset(f"\nRésumé : {shots / SUMMARY}") + "\n")
    return 1 if proofs.failed else 0


def _without_platform_limits(_kind: QtMsgType, _where: QMessageLogContext, message: str) -> None:
    """Write what Qt has to say, but for what a platform without windows cannot do."""
    if not message.startswith("This plugin does not support"):
        sys.stderr.write(message + "\n")


class _Scenario:
    """The two desks, the relay that comes and goes, and the steps."""

    def __init__(self, region: PracticeRegion, album: Album, proofs: Proofs) -> None:
        application = application_for_desk()
        self._region = region
        self._proofs = proofs
        self._desktops = {
            door: Desktop(application, region.workspace(door), practice=PASSPHRASE)
            for door in (FIRST_DOOR, SECOND_DOOR)
        }
        self._first = Hand(self._desktops[FIRST_DOOR], album)
        self._second = Hand(self._desktops[SECOND_DOOR], album)
        self._later = ExitStack()

    def play(self) -> None:
        """Play every step, in order."""
        self._unlock()
        self._receive_without_a_name()
        self._hand_over()
        self._refuse()
        before = self._relay_counts()
        self._stay_offline()
        self._later.enter_context(self._region.relay())
        self._leave_sealed(before)
        self._arrive_and_answer()
        self._read_the_answer()
        self._search_the_relay()

    def close(self) -> None:
        """Close the desks, then the relay."""
        for desktop in self._desktops.values():
            desktop.close()
        self._later.close()

    def _unlock(self) -> None:
        self._first.open()
        wait_until(lambda: bool(self._first.window.isVisible()), "the first window")
        picture = self._first.picture("deverrouiller")
        self._first.unlock(PASSPHRASE)
        seeded = len(list_referrals(self._desk(self._first), OUT))
        self._proofs.step(
            "Le Blanc ouvre son poste",
            picture,
            ("le fichier chiffré s’ouvre avec la phrase de passe", True),
            (f"{seeded} mises en relation d’exercice y sont", seeded > 0),
        )
        self._first.picture("aujourd-hui")

    def _receive_without_a_name(self) -> None:
        page = self._first.go("reception")
        page.go_to("expressed")
        self._first.write(ASKS)
        for key in (Qt.Key.Key_3, Qt.Key.Key_2):
            self._first.press(Qt.Key.Key_Tab, key)
        self._choose("commune", "le blanc")
        picture = self._first.picture("accueil-sans-nom")
        body = page.body()
        self._proofs.step(
            "Quelqu’un est reçu sans qu’on lui demande qui il est",
            picture,
            ("la demande est dans ses mots", body["expressed"] == ASKS),
            ("sa commune est Le Blanc (36018)", body["commune"]["code"] == "36018"),
            ("aucun nom n’est demandé", not body["family_name"]),
        )

    def _hand_over(self) -> None:
        self._fill_hand_over(AGREES, agreement=Qt.Key.Key_1)
        page = self._first.go("reception")
        page.go_to("agreement")
        picture = self._first.picture("ce-qui-partira")
        self._first.press(Qt.Key.Key_Return, ctrl=True)
        wait_until(lambda: self._named(AGREES) is not None, "the referral to be saved")
        line = self._referral(AGREES)
        self._proofs.step(
            "Le relais est voulu : note, nom, contact, accord, et l’aperçu de ce qui partira",
            picture,
            ("la mise en relation est enregistrée sans réseau", line.status == "a_transmettre"),
            ("l’aperçu montre ce qui partira et rien d’autre", "sex" not in line.details),
        )
        self._first.picture("enregistre-ici")

    def _refuse(self) -> None:
        page = self._first.go("reception")
        page.go_to("expressed")
        self._first.write(ASKS_TOO)
        self._fill_hand_over(REFUSES, agreement=Qt.Key.Key_2)
        page.go_to("agreement")
        picture = self._first.picture("refus")
        self._first.press(Qt.Key.Key_Return, ctrl=True)
        wait_until(lambda: self._named(REFUSES) is not None, "the second reception to be saved")
        status = self._status(self._first)
        self._proofs.step(
            "Une deuxième personne refuse",
            picture,
            (f"{status.confined} enregistrements restent sur ce poste", status.confined > 0),
        )

    def _stay_offline(self) -> None:
        self._first.go("exchange")
        self._first.desk.exchange_now()
        desk = self._desk(self._first)
        wait_until(lambda: exchange_status(desk).last_failure is not None, "the failed exchange")
        picture = self._first.picture("hors-ligne")
        status = self._status(self._first)
        failure = status.last_failure.code if status.last_failure else ""
        self._proofs.step(
            "Sans relais, rien n’est perdu",
            picture,
            (f"{status.pending} enregistrements attendent", status.pending > 0),
            (f"la cause est dite ({failure})", failure == "relay_absent"),
        )

    def _leave_sealed(self, before: dict[str, int]) -> None:
        self._exchange(self._first)
        picture = self._first.picture("recu-par-le-relais")
        status = self._status(self._first)
        after = self._relay_counts()
        self._proofs.step(
            "Le relais revient : tout part scellé",
            picture,
            ("plus rien n’attend", status.pending == 0),
            ("le relais a signé ses accusés", status.acknowledged > 0),
            ("ce qui a été refusé est resté", status.confined > 0),
            ("le relais garde de nouveaux paquets", after["bundles"] > before["bundles"]),
        )

    def _arrive_and_answer(self) -> None:
        self._second.open()
        self._second.unlock(PASSPHRASE)
        self._exchange(self._second)
        desk = self._desk(self._second)
        wait_until(lambda: bool(list_referrals(desk, IN)), "the referral at the second door")
        line = list_referrals(desk, IN)[0]
        screen = self._second.go("referrals")
        screen.show_filter("to_answer", "in")
        picture = self._second.picture("arrivee-chateauroux")
        self._proofs.step(
            "Châteauroux voit arriver la mise en relation",
            picture,
            ("la personne est nommée au destinataire", AGREES[1] in line.display_name),
            ("rien de celle qui refuse n’est là", self._absent(desk, REFUSES[1])),
        )
        screen.open_referral(line.referral)
        self._second.picture("fiche-recue")
        self._answer()

    def _answer(self) -> None:
        desk = self._desk(self._second)
        self._second.part(QWidget, "answers").setFocus()
        self._second.press(Qt.Key.Key_2)
        self._second.part(QWidget, "answer_message").setFocus()
        self._second.write(ANSWERS)
        picture = self._second.picture("repondre")
        self._second.press(Qt.Key.Key_Return, ctrl=True)

        def answered() -> bool:
            return list_referrals(desk, IN)[0].status == ACCEPTED

        wait_until(answered, "the answer to be saved")
        self._exchange(self._second)
        self._proofs.step(
            "La conseillère répond", picture, ("la réponse est partie", self._nothing_waits(desk))
        )

    def _read_the_answer(self) -> None:
        self._first.take_focus()
        self._exchange(self._first)
        wait_until(
            lambda: self._referral(AGREES).status == ACCEPTED, "the answer at the first door"
        )
        line = self._referral(AGREES)
        screen = self._first.go("referrals")
        screen.open_referral(line.referral)
        picture = self._first.picture("reponse-recue-au-blanc")
        received = next((step for step in line.history if step.status == RECEIVED), None)
        answer = next((step for step in line.history if step.status == ACCEPTED), None)
        self._proofs.step(
            "Le Blanc lit la réponse, avec ses dates",
            picture,
            (f"reçue le {moment(received.at_s)}" if received else "reçue", received is not None),
            (f"acceptée le {moment(answer.at_s)}" if answer else "acceptée", answer is not None),
            ("le mot de la conseillère est là", answer is not None and answer.message == ANSWERS),
        )
        self._first.go("today")
        self._first.picture("fin-de-journee")

    def _search_the_relay(self) -> None:
        held = b"".join(
            file.read_bytes() for file in self._region.database.parent.iterdir() if file.is_file()
        )
        words = {*AGREES, *REFUSES, ASKS, ASKS_TOO, ANSWERS, "boulangerie", "métier du bois"}
        words |= {name.replace(" ", "") for name in (AGREES[2], REFUSES[2])}
        found = [
            word
            for word in words
            for code in ("utf-8", "utf-16-le")
            if word.encode(code) in held or word.lower().encode(code) in held
        ]
        self._first.go("exchange")
        picture = self._first.picture("echange")
        self._proofs.step(
            "Le relais est fouillé octet par octet",
            picture,
            (
                f"aucun mot des deux personnes dans {len(held):,} octets".replace(",", " "),
                not found,
            ),
        )

    def _fill_hand_over(self, who: tuple[str, str, str], *, agreement: Qt.Key) -> None:
        page = self._first.go("reception")
        self._choose("to", "conseil châteauroux")
        page.go_to("notice_given")
        self._first.press(Qt.Key.Key_1)
        page.go_to("agreement_to_record")
        self._first.press(Qt.Key.Key_1)
        for name, text in zip(("given_name", "family_name", "telephone"), who, strict=True):
            page.go_to(name)
            self._first.write(text)
        page.go_to("agreement")
        self._first.press(agreement)

    def _choose(self, name: str, text: str) -> None:
        """Type in a field with suggestions, wait for them, take the first."""
        page = self._first.go("reception")
        page.go_to(name)
        self._first.write(text)
        field = self._first.part(SuggestField, name)
        wait_until(lambda: bool(field.suggestions_shown()), f"suggestions for {name}")
        self._first.press(Qt.Key.Key_Return)
        wait_until(lambda: bool(page.body()[name]["code"]), f"{name} to be chosen")

    def _exchange(self, hand: Hand) -> None:
        """Exchange until one begins and ends after this call."""
        ended: list[object] = []
        loop = hand.desk.loop
        loop.finished.connect(ended.append)
        loop.failed.connect(ended.append)
        try:
            loop.exchange_now()
            wait_until(lambda: bool(ended), "the exchange")
            loop.exchange_now()
            wait_until(lambda: len(ended) > 1, "the exchange")
        finally:
            loop.finished.disconnect(ended.append)
            loop.failed.disconnect(ended.append)

    def _desk(self, hand: Hand) -> Desk:
        return hand.desk.desk

    def _status(self, hand: Hand) -> ExchangeStatus:
        return exchange_status(self._desk(hand))

    def _nothing_waits(self, desk: Desk) -> bool:
        return exchange_status(desk).pending == 0

    def _named(self, who: tuple[str, str, str]) -> ReferralLine | None:
        lines = list_referrals(self._desk(self._first), OUT)
        return next((line for line in lines if who[1] in line.display_name), None)

    def _referral(self, who: tuple[str, str, str]) -> ReferralLine:
        line = self._named(who)
        if line is None:
            raise NothingHappenedError(who[1])
        return line

    def _absent(self, desk: Desk, word: str) -> bool:
        return all(word not in line.display_name for line in list_referrals(desk))

    def _relay_counts(self) -> dict[str, int]:
        url = f"sqlite:///{self._region.database}"
        done = subprocess.run(  # noqa: S603  (our own commands)
            [sys.executable, "-m", "sync.relay", "status", "--database", url, "--json"],
            check=True,
            capture_output=True,
            text=True,
        )
        counts: dict[str, int] = json.loads(done.stdout)
        return counts
