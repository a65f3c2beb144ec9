"""The reception as the desk holds it: the page, its presenter, and the wires between."""

from app.domain.identifiers import SubjectId
from ui.reception.actions import ReceptionActions
from ui.reception.correction import CorrectionPresenter, Page
from ui.reception.presenter import ReceptionPresenter
from ui.reception.view import PageSettings, ReceptionView
from ui.running import Runner


class ReceptionScreen(ReceptionView):
    """The page with its presenter, which it holds. Signals for the desk are those of the view."""

    def __init__(
        self, actions: ReceptionActions, runner: Runner, *, settings: PageSettings
    ) -> None:
        super().__init__(settings)
        self.presenter = ReceptionPresenter(self, actions, runner)
        around = Page(say=self.say, problem=self.show_problem, again=self.presenter.changed)
        self.corrections = CorrectionPresenter(self._handover, actions, runner, around)
        self._plug()
        self.presenter.open()

    def activated(self) -> None:
        """Be shown: the focus goes where the page begins."""
        self.presenter.tick()
        self.go_to("expressed")

    def receive(self, person: SubjectId | None = None, typed: str = "") -> None:
        """Begin with somebody found or typed elsewhere; what is on the page stays."""
        self.presenter.receive(person, typed)

    def reorient(self, referral: SubjectId) -> None:
        """Begin with what was said for a referral that led nowhere."""
        self.presenter.reorient(referral)

    def leave(self) -> None:
        """Keep the page as it is, before the desk closes or locks; the runner must be drained."""
        self.flush()
        self.presenter.leave()

    def _plug(self) -> None:
        presenter = self.presenter
        self.changed.connect(presenter.changed)
        self.save_wanted.connect(presenter.save)
        self.question_counted.connect(presenter.count_question)
        self.discard_wanted.connect(presenter.discard)
        self.ticked.connect(presenter.tick)
        self.commune_typed.connect(presenter.searches.communes)
        self.recipient_typed.connect(presenter.searches.recipients)
        self.met_typed.connect(presenter.searches.met)
        self.person_typed.connect(presenter.searches.persons)
        self.motive_taken.connect(presenter.take_motive)
        self.motives_taken.connect(presenter.take_motives)
        self._handover.correction_wanted.connect(self.corrections.open)
        self._handover.correction_sent.connect(self.corrections.send)
        self._handover.hours_typed.connect(self.corrections.read_hours)
        self.person_chosen.connect(presenter.choose_person)
        self.person_submitted.connect(presenter.new_person)
        self.person_dropped.connect(presenter.drop_person)
