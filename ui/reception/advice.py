"""What the page says of its own accord as one talks: motives, interlocutors, the young. No Qt."""

from collections.abc import Callable, Mapping
from typing import Any

from app.domain.reception import Reception
from ui.reception.actions import Proposal, ReceptionActions, ReceptionPage
from ui.reception.interlocutor_words import InterlocutorsShown, interlocutors_shown
from ui.reception.latest import Latest
from ui.reception.young_words import YoungShown, young_shown
from ui.running import Runner


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
        self._considering = Latest(runner)

    def give(self, body: Mapping[str, Any], reception: Reception) -> None:
        """Say what a page calls for: `reception` is what the body says."""
        self._propose(body)
        self._considering.ask(lambda: self._considered(reception), self._show, self._failed)

    def drop(self) -> None:
        """Say nothing more of what was asked."""
        self._considering.drop()

    def _propose(self, body: Mapping[str, Any]) -> None:
        said = f"{body['expressed']}\n{body['analysed']}"
        chosen = body["motives"]["codes"]
        self.proposed = tuple(one for one in self._actions.motives(said) if one not in chosen)
        label = self._actions.label
        self._view.show_motives(
            [Proposal(label=label("request_motive", one), value=one) for one in self.proposed]
        )

    def _considered(self, reception: Reception) -> tuple[InterlocutorsShown, YoungShown]:
        count, young = self._actions.interlocutors(reception), self._actions.young(reception)
        return interlocutors_shown(count), young_shown(young, self._actions.label)

    def _show(self, shown: tuple[InterlocutorsShown, YoungShown]) -> None:
        self._view.show_interlocutors(shown[0])
        self._view.show_young(shown[1])
