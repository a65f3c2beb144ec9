"""The callables a reception screen is bound to, over a real desk, as the program binds them."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.changes import Changes
from app.domain.errors import AppError, UnknownCommuneError
from app.usecases import (
    drafts,
    erasure,
    interlocutors,
    merging,
    minors,
    partners,
    persons,
    receptions,
    recipients,
    resending,
)
from app.usecases.desk import Desk
from app.usecases.directory import corrections
from ui.matching_words import MatchingWords
from ui.reception.actions import ReceptionActions


@dataclass(slots=True)
class ReceptionDesk:
    """A desk behind the reception screen; `refusal` makes the next saving fail, as a disk would."""

    desk: Desk
    now: Callable[[], dt.datetime]
    refusal: AppError | None = None
    published: list[Changes] = field(default_factory=list)

    def actions(self) -> ReceptionActions:
        desk = self.desk
        return ReceptionActions(
            preview=lambda reception: receptions.preview(desk, reception),
            record=self._record,
            erase_meeting=lambda encounter: erasure.erase_meeting(desk, encounter),
            keep_draft=lambda body: drafts.keep_draft(desk, body),
            kept_draft=lambda: drafts.kept_draft(desk),
            discard_draft=lambda: drafts.discard_draft(desk),
            search_persons=lambda text: persons.find_persons(desk, text),
            open_person=lambda person: persons.open_person(desk, person),
            search_communes=desk.reference.communes.search,
            commune_name=self._commune_name,
            recipients=lambda text: recipients.recipients(desk, text),
            interlocutors=lambda reception: interlocutors.interlocutors_with(desk, reception),
            partners=lambda reception: partners.partners(desk, reception),
            matching_words=lambda at: MatchingWords(desk.reference.vocabularies, at),
            entry=lambda reference: corrections.correctable(desk, reference),
            correct=lambda reference, fields: corrections.correct(desk, reference, fields),
            young=lambda reception: minors.young_advice(desk, reception),
            alike=lambda known: merging.alike(desk, known),
            reorienting=lambda referral: resending.reorienting(desk, referral),
            asked_by=lambda: desk.reference.rules.asked_by,
            asked_by_status=lambda: desk.reference.rules.asked_by_status,
            motives=desk.reference.suggestions.motives,
            label=desk.reference.vocabularies.label,
            publish=self.published.append,
            now=self.now,
        )

    def _record(self, reception: Any) -> receptions.RecordedReception:
        if self.refusal is not None:
            refusal, self.refusal = self.refusal, None
            raise refusal
        return receptions.record_reception(self.desk, reception)

    def _commune_name(self, code: str) -> str:
        try:
            return self.desk.reference.communes.by_code(code).name
        except UnknownCommuneError:
            return code
