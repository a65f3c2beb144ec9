"""What the page says of its own accord as one talks: motives, partners, the young. No Qt."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from app.domain.reception import Reception
from ui.reception.actions import Proposal, ReceptionActions, ReceptionPage
from ui.reception.interlocutor_words import InterlocutorsShown, interlocutors_shown
from ui.reception.latest import Latest
from ui.reception.page_reading import Lack
from ui.reception.partner_words import PartnersShown, partners_shown
from ui.reception.young_words import YoungShown, young_shown
from ui.running import Runner
from ui.widgets.duplicate_words import reasons_words, who_words

_MOST_ALIKE: Final = 3
_QUESTIONS: Final = {
    "status": "situation",
    "executive": "cadre",
    "level_reached": "niveau atteint",
    "diploma_obtained": "diplôme obtenu",
    "age_band": "tranche d’âge",
    "commune": "commune",
    "can_travel": "distance possible",
    "mode_wished": "sur place ou à distance",
    "go_day": "jour possible",
    "languages": "langue",
}


class PageAdvice:
    """Gives advice on a page; only the newest is heard.

    Attributes:
        proposed: codes of the motives proposed now.
    """

    def __init__(
        self,
        view: ReceptionPage,
        actions: ReceptionActions,
        runner: Runner,
        failed: Callable[[Exception], None],
    ) -> None:
        self.proposed: tuple[str, ...] = ()
        self._view = view
        self._actions = actions
        self._failed = failed
        self._considering, self._choosing = Latest(runner), Latest(runner)

    def give(self, body: Mapping[str, Any], reception: Reception) -> None:
        """Say what a page calls for: `reception` is what the body says."""
        self._propose(body)
        self._view.show_asked(tuple(_asked(body, self._actions.asked_by())))
        self._view.show_called_for(_called_for(body, self._actions))
        self._considering.ask(lambda: self._considered(reception), self._show, self._failed)
        self._choose(body, reception)

    def drop(self) -> None:
        """Say nothing more of what was asked."""
        self._considering.drop()
        self._choosing.drop()

    def _choose(self, body: Mapping[str, Any], reception: Reception) -> None:
        """Propose partners while the hand-over is open: choosing one takes some milliseconds."""
        if not body["open_handover"]:
            self._choosing.drop()
            self._view.show_partners(PartnersShown())
            return
        actions = self._actions
        self._choosing.ask(
            lambda: _partners(reception, actions),
            self._view.show_partners,
            self._failed,
        )

    def _propose(self, body: Mapping[str, Any]) -> None:
        said = f"{body['expressed']}\n{body['analysed']}"
        chosen = body["motives"]["codes"]
        self.proposed = tuple(one for one in self._actions.motives(said) if one not in chosen)
        label = self._actions.label
        self._view.show_motives(
            [Proposal(label=label("request_motive", one), value=one) for one in self.proposed]
        )

    def _considered(self, reception: Reception) -> "_Considered":
        actions = self._actions
        return _Considered(
            interlocutors=interlocutors_shown(actions.interlocutors(reception)),
            young=young_shown(actions.young(reception), actions.label),
            alike=tuple(_alike(reception, actions)),
        )

    def _show(self, considered: "_Considered") -> None:
        self._view.show_interlocutors(considered.interlocutors)
        self._view.show_young(considered.young)
        self._view.show_alike(considered.alike)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Considered:
    interlocutors: InterlocutorsShown
    young: YoungShown
    alike: tuple[Proposal, ...]


def _partners(reception: Reception, actions: ReceptionActions) -> PartnersShown:
    found = actions.partners(reception)
    return PartnersShown() if found is None else partners_shown(found, actions.matching_words)


def _called_for(body: Mapping[str, Any], actions: ReceptionActions) -> frozenset[str]:
    """Return the fields that the situation, its family or a motive make worth asking."""
    by_motive, by_status = actions.asked_by(), actions.asked_by_status()
    called = {field for motive in body["motives"]["codes"] for field in by_motive.get(motive, ())}
    for status in body["status"].values():
        called.update(by_status.get(status, ()))
    return frozenset(called)


def _asked(body: Mapping[str, Any], by: Mapping[str, Sequence[str]]) -> Iterator[Lack]:
    """Give the questions that the motives call for and nobody answered, in the page's order."""
    wanted = {field for motive in body["motives"]["codes"] for field in by.get(motive, ())}
    for field, words in _QUESTIONS.items():
        said = body[field]["code"] if isinstance(body[field], dict) else body[field]
        if field in wanted and not said:
            yield Lack(field=field, words=words)


def _alike(reception: Reception, actions: ReceptionActions) -> Iterator[Proposal]:
    """Give the files that may be of somebody new: each with what makes them alike."""
    person = reception.person
    if person is None or person.known is not None:
        return
    described = replace(person, commune=person.commune or reception.commune)
    for found in actions.alike(described)[:_MOST_ALIKE]:
        yield Proposal(
            label=who_words(found.one, actions.commune_name),
            detail=reasons_words(found.reasons).lower(),
            value=found.one,
        )
