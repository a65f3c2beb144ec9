"""What the page proposes for what is typed in its fields: communes, structures, persons. No Qt."""

from collections.abc import Callable, Sequence

from ui.reception.actions import Proposal, ReceptionActions, ReceptionPage
from ui.reception.latest import Latest
from ui.reception.lookups import (
    commune_proposals,
    met_proposals,
    person_proposals,
    recipient_proposals,
)
from ui.running import Runner


class PageSearches:
    """The searches of a page; of each only the newest answer is heard."""

    def __init__(
        self,
        view: ReceptionPage,
        actions: ReceptionActions,
        runner: Runner,
        failed: Callable[[Exception], None],
    ) -> None:
        self._view = view
        self._actions = actions
        self._runner = runner
        self._failed = failed
        self._latest: dict[str, Latest] = {}

    def communes(self, text: str) -> None:
        """Propose communes for what was typed."""
        search, view = self._actions.search_communes, self._view
        self._search("commune", text, lambda: commune_proposals(search(text)), view.show_communes)

    def recipients(self, text: str) -> None:
        """Propose structures to hand over to."""
        actions, view = self._actions, self._view

        def work() -> list[Proposal]:
            return recipient_proposals(text, actions.recipients(text), actions.label)

        self._search("to", text, work, view.show_recipients)

    def met(self, text: str) -> None:
        """Propose structures already met."""
        actions, view = self._actions, self._view

        def work() -> list[Proposal]:
            return met_proposals(actions.recipients(text), actions.label)

        self._search("met", text, work, view.show_met)

    def persons(self, text: str) -> None:
        """Propose existing files, and a new one."""
        actions, view = self._actions, self._view

        def work() -> list[Proposal]:
            found = actions.search_persons(text).persons
            return person_proposals(text, found, actions.commune_name)

        self._search("person", text, work, view.show_persons)

    def _search(
        self,
        kind: str,
        text: str,
        work: Callable[[], list[Proposal]],
        show: Callable[[str, Sequence[Proposal]], None],
    ) -> None:
        latest = self._latest.setdefault(kind, Latest(self._runner))
        if not text.strip():
            latest.drop()
            show(text, ())
            return
        latest.ask(work, lambda proposals: show(text, proposals), self._failed)
