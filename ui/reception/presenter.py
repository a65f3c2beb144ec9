"""What the reception decides: what is kept, shown, missing, and when it is saved. No Qt."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.changes import Changes
from app.domain.errors import AppError
from app.domain.identifiers import SubjectId, parse_subject
from app.domain.reception import Reception
from app.store.search import PersonFound
from app.usecases.receptions import RecordedReception
from app.usecases.resending import Reorienting
from ui.reception.actions import KnownPerson, NewPerson, ReceptionActions, ReceptionPage
from ui.reception.advice import PageAdvice
from ui.reception.identity_text import read_identity
from ui.reception.latest import Latest
from ui.reception.leaving_words import (
    LeavingShown,
    Wording,
    leaving_shown,
    question_words,
    saved_words,
)
from ui.reception.lookups import known_person
from ui.reception.page_body import (
    NO,
    Body,
    empty_body,
    has_identity,
    is_blank,
    says_more_than_a_question,
    whole_body,
    without_identity,
)
from ui.reception.page_reading import (
    LONGEST_MEASURED_MIN,
    Lack,
    Moment,
    lack_of,
    lacks_of,
    reception_of,
)
from ui.reception.reorienting import reorienting_body, reorienting_words
from ui.reception.searches import PageSearches
from ui.running import Runner
from ui.texts import count, recent_moment, sentence_for
from ui.widgets.date_text import DateSpan

_STARTED = "started_at"
FIRST_FIELD = "expressed"


class ReceptionPresenter:
    """Decides for the page. It must be held, by its view for instance.

    Draft, preview and each search are asked one at a time and only their newest answer is heard;
    nothing here waits.
    """

    def __init__(self, view: ReceptionPage, actions: ReceptionActions, runner: Runner) -> None:
        self._view = view
        self._actions = actions
        self._runner = runner
        self._wording = Wording(label=actions.label, commune_name=actions.commune_name)
        self._started_at: dt.datetime | None = None
        self._is_saving = self._has_draft = False
        self._last: Body = empty_body()
        self._draft, self._preview = Latest(runner), Latest(runner)
        self._advice = PageAdvice(view, actions, runner, self._say_problem)
        self.searches = PageSearches(view, actions, runner, self._say_problem)

    def open(self) -> None:
        """Take up the page where it was left, if it was; to be called once."""
        self._show_state(self._last)
        self._runner.run(self._actions.kept_draft, self._restore, self._say_problem)

    def changed(self) -> None:
        """Something was typed or chosen: keep the page, and show what it would do now."""
        if self._is_saving:
            return
        body = self._view.body()
        if self._started_at is None and not is_blank(body):
            self._started_at = self._actions.now()
        before, self._last = self._last, body
        if body["agreement_to_record"] == NO != before["agreement_to_record"]:
            self._forget_identity(before)
            return
        self._keep(body)
        self._show_state(body)

    def save(self) -> None:
        """Save the reception, or say what is missing and go there."""
        if self._is_saving:
            return
        body = self._view.body()
        self._view.clear_messages()
        lacks = lacks_of(body, self._moment())
        if lacks:
            self._refuse_for(lacks)
            return
        self._record(reception_of(body, self._moment()), body)

    def count_question(self) -> None:
        """Count a question answered in passing, with the mode and the motives on the page."""
        if self._is_saving:
            return
        body = self._view.body()
        self._view.clear_messages()
        if says_more_than_a_question(body):
            self._view.show_problem(
                "Cette page dit plus qu’une question simple\u202f: enregistrez-la (Ctrl+Entrée)."
            )
            return
        lacks = [one for one in lacks_of(body, self._moment()) if one.field != FIRST_FIELD]
        if lacks:
            self._refuse_for(lacks)
            return
        asked = reception_of(body, self._moment())
        outcome = asked.outcome or "information_suffisante"
        self._record(replace(asked, is_simple=True, outcome=outcome), body)

    def _record(self, reception: Reception, body: Body) -> None:
        self._is_saving = True
        self._preview.drop()
        self._advice.drop()
        self._view.set_saving(True)
        self._runner.run(
            lambda: self._actions.record(reception),
            lambda recorded: self._recorded(recorded, reception, body),
            self._not_recorded,
        )

    def discard(self) -> None:
        """Empty the page, with a way back."""
        body, started_at = self._view.body(), self._started_at
        if is_blank(body):
            self._start_afresh(body)
            return
        self._start_afresh(body)
        self._view.say("Page effacée", lambda: self._take_up(body, started_at))

    def leave(self) -> None:
        """Keep the page as it is now, before the desk closes or locks."""
        if not self._is_saving:
            self._keep(self._view.body())

    def tick(self) -> None:
        """Show the minutes measured so far."""
        self._view.show_minutes(self._measured_min())

    def receive(self, person: SubjectId | None = None, typed: str = "") -> None:
        """Begin with somebody found or typed elsewhere; what is on the page stays."""
        if person is not None:
            self._open_file(person)
        elif typed.strip():
            self.new_person(typed)
        self._view.go_to(FIRST_FIELD)

    def reorient(self, referral: SubjectId) -> None:
        """Begin with all that was said for a referral that led nowhere; nothing typed is lost."""
        if not is_blank(self._view.body()):
            self._view.show_problem(
                "Un accueil est en cours sur cette page\u202f: enregistrez-le ou effacez-le, puis"
                " demandez de nouveau une autre structure."
            )
            return
        actions = self._actions

        def work() -> tuple[Reorienting, KnownPerson]:
            begun = actions.reorienting(referral)
            return begun, known_person(actions.open_person(begun.person), actions.commune_name)

        self._runner.run(work, lambda read: self._begin_with(*read), self._say_problem)

    def take_motives(self) -> None:
        """Take every motive that is proposed."""
        for motive in self._advice.proposed:
            self.take_motive(motive)

    def take_motive(self, motive: str) -> None:
        """Add a motive to those of the demand."""
        body = self._view.body()
        codes = body["motives"]["codes"]
        if motive not in codes:
            body["motives"] = {"family": "", "codes": [*codes, motive]}
            self._show_body(body)

    def choose_person(self, value: object) -> None:
        """Use the file chosen, or a new one for who was typed."""
        if isinstance(value, PersonFound):
            self._open_file(value.person)
        elif isinstance(value, NewPerson):
            self.new_person(value.typed)

    def new_person(self, typed: str) -> None:
        """Open a new file with what was typed, read into its fields."""
        if not typed.strip():
            return
        span = DateSpan.of_births(self._moment().today)
        fields = {name: text for name, text in read_identity(typed, span).items() if text}
        body = {**without_identity(self._view.body()), **fields, "open_person": True}
        self._view.show_known(None)
        self._show_body(body)
        self._view.go_to("given_name" if not fields.get("given_name") else "telephone")

    def drop_person(self) -> None:
        """Use no existing file any more; the page forgets what the file had filled."""
        body = self._view.body()
        self._view.show_known(None)
        self._show_body(without_identity(body))
        self._view.say(
            "Fiche retirée de cet accueil", lambda: self._take_up(body, self._started_at)
        )
        self._view.go_to("person_search")

    def _restore(self, kept: Mapping[str, Any] | None) -> None:
        self._has_draft = kept is not None
        if kept is None or is_blank(whole_body(kept)) or not is_blank(self._view.body()):
            return
        started_at = _moment_of(kept.get(_STARTED))
        self._take_up(whole_body(kept), started_at)
        begun = f", commencé {recent_moment(started_at)}" if started_at else ""
        self._view.show_restored(f"Accueil repris où vous l’aviez laissé{begun}.")

    def _take_up(self, body: Body, started_at: dt.datetime | None) -> None:
        self._started_at = started_at
        self._show_body(body)
        if body["known"]["id"]:
            person = parse_subject(body["known"]["id"])
            self._run_open(person, self._show_known_demands)

    def _start_afresh(self, after: Mapping[str, Any]) -> None:
        self._started_at = None
        self._last = empty_body(after=after)
        self._view.clear_messages()
        self._view.show_known(None)
        self._view.set_body(self._last)
        self._discard_draft()
        self._show_state(self._last)
        self._view.go_to(FIRST_FIELD)

    def _show_body(self, body: Body) -> None:
        self._view.set_body(body)
        self.changed()

    def _forget_identity(self, before: Body) -> None:
        """The person does not want their name kept: it goes at once, a slip can be undone."""
        body = without_identity(self._view.body())
        self._view.show_known(None)
        self._show_body(body)
        if has_identity(before):
            self._view.say("Identité effacée", lambda: self._take_up(before, self._started_at))

    def _show_state(self, body: Body) -> None:
        moment = self._moment()
        lacks = lacks_of(body, moment)
        self._view.show_lacks(() if is_blank(body) else lacks)
        self._view.show_minutes(moment.measured_min)
        reception = reception_of(body, moment)
        self._advice.give(body, reception)
        self._preview.ask(
            lambda: leaving_shown(reception, self._actions.preview(reception), self._wording),
            lambda shown: self._show_leaving(shown, () if is_blank(body) else lacks),
            self._say_problem,
        )

    def _show_leaving(self, shown: LeavingShown, lacks: Sequence[Lack]) -> None:
        everything = tuple(dict.fromkeys((*lacks, *shown.lacks)))
        by_field = {lack.field: lack for lack in reversed(everything)}
        ordered = tuple(lack for lack in everything if by_field[lack.field] is lack)
        self._view.show_leaving(replace(shown, lacks=ordered))

    def _keep(self, body: Body) -> None:
        if is_blank(body):
            if self._has_draft:
                self._discard_draft()
            return
        started = self._started_at.isoformat() if self._started_at else ""
        kept = {**body, _STARTED: started}
        self._draft.ask(lambda: self._actions.keep_draft(kept), self._tell_kept, self._say_problem)

    def _tell_kept(self, changes: Changes) -> None:
        """Tell the other screens that a draft waits, once and not at each pause."""
        if not self._has_draft:
            self._has_draft = True
            self._actions.publish(changes)

    def _discard_draft(self) -> None:
        self._draft.drop()
        self._has_draft = False
        self._runner.run(self._actions.discard_draft, self._actions.publish, self._say_problem)

    def _recorded(self, recorded: RecordedReception, reception: Reception, body: Body) -> None:
        self._is_saving = False
        self._view.set_saving(False)
        self._start_afresh(body)
        names = (body["to"]["text"],) if reception.referral else ()
        if reception.is_simple:
            said = question_words(reception, self._actions.label)
            self._view.say(said, lambda: self._uncount(recorded.encounter))
        else:
            said = saved_words(reception, route=recorded.route, names=names)
            self._view.say(f"{said} · Ctrl+P\u202f: sa feuille" if recorded.referral else said)
        self._actions.publish(recorded.changes)
        self._view.tell_recorded(recorded)

    def _uncount(self, encounter: SubjectId) -> None:
        erase, publish = self._actions.erase_meeting, self._actions.publish
        self._runner.run(lambda: erase(encounter), publish, self._say_problem)

    def _not_recorded(self, error: Exception) -> None:
        self._is_saving = False
        self._view.set_saving(False)
        lack = lack_of(error) if isinstance(error, AppError) else None
        self._view.show_refusal(sentence_for(error), lack)
        if lack is not None:
            self._view.go_to(lack.field)
        self._show_state(self._view.body())

    def _refuse_for(self, lacks: Sequence[Lack]) -> None:
        first = lacks[0]
        rest = (
            f" Il restera {count(len(lacks) - 1, 'point')} à compléter." if len(lacks) > 1 else ""
        )
        self._view.show_refusal(f"Avant d’enregistrer\u202f: {_lower(first.words)}.{rest}", first)
        self._view.go_to(first.field)

    def _open_file(self, person: SubjectId) -> None:
        self._run_open(person, self._use_file)

    def _run_open(self, person: SubjectId, shown: Callable[[KnownPerson], None]) -> None:
        actions = self._actions
        self._runner.run(
            lambda: known_person(actions.open_person(person), actions.commune_name),
            shown,
            self._say_problem,
        )

    def _use_file(self, known: KnownPerson) -> None:
        body = {**without_identity(self._view.body()), **known.fields, "open_person": True}
        body["known"] = {"id": known.identifier, "name": known.name, "detail": known.detail}
        self._view.show_known(known)
        self._show_body(body)
        self._view.go_to("agreement_to_record")

    def _begin_with(self, begun: Reorienting, known: KnownPerson) -> None:
        body = reorienting_body(begun, known, self._actions.commune_name)
        self._view.clear_messages()
        self._show_body(body)
        self._view.show_known(known)
        self._view.show_restored(reorienting_words(begun, self._actions.label))
        self._view.go_to("agreement" if body["to"]["code"] else "to")

    def _show_known_demands(self, known: KnownPerson) -> None:
        if self._view.body()["known"]["id"] == known.identifier:
            self._view.show_known(known)

    def _moment(self) -> Moment:
        return Moment(
            today=self._actions.now().astimezone().date(),
            started_at=self._started_at,
            measured_min=self._measured_min(),
        )

    def _measured_min(self) -> int | None:
        if self._started_at is None:
            return None
        seconds = (self._actions.now() - self._started_at).total_seconds()
        minutes = max(1, round(seconds / 60))
        return minutes if seconds >= 0 and minutes <= LONGEST_MEASURED_MIN else None

    def _say_problem(self, error: Exception) -> None:
        self._view.show_problem(sentence_for(error))


def _moment_of(text: object) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(text) if isinstance(text, str) and text else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
