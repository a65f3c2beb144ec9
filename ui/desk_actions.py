"""What each screen may have done, bound to the use cases of one open desk. No Qt."""

import datetime as dt
import importlib.metadata
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.changes import Changes
from app.domain.errors import UnknownCommuneError
from app.domain.identifiers import SubjectId
from app.usecases.agents import add_agent, agents, change_passphrase
from app.usecases.desk import Desk
from app.usecases.directory.shelf import structure_name
from app.usecases.drafts import discard_draft, keep_draft, kept_draft
from app.usecases.erasure import erase_meeting
from app.usecases.exchange_records import exchange_records
from app.usecases.exchange_status import exchange_status
from app.usecases.follow_ups import reopen_follow_up, settle_follow_up
from app.usecases.interlocutors import interlocutors_with
from app.usecases.merging import alike
from app.usecases.minors import young_advice
from app.usecases.persons import disputes_of_person, erase_person, find_persons, open_person
from app.usecases.receptions import preview, record_reception
from app.usecases.recipients import recipients
from app.usecases.record_states import record_states
from app.usecases.referral_changes import (
    cancel_referral,
    correct_referral,
    has_left_here,
    note_corrections_read,
    preview_correction,
    resume_referral,
)
from app.usecases.referrals import answer_referral, list_referrals
from app.usecases.resending import reorienting, resend_referral
from app.usecases.rights import erase_as_asked
from app.usecases.today import the_day
from ui import compose
from ui.exchange.page import Due, Record, due
from ui.exchange.presenter import ExchangeActions
from ui.person.page import Words as PersonWords
from ui.person.presenter import PersonActions
from ui.reception.actions import ReceptionActions
from ui.referrals.page import Words as ReferralWords
from ui.referrals.presenter import ReferralActions
from ui.referrals.sender_presenter import SenderActions
from ui.settings import page as settings_page
from ui.settings.connection_presenter import Connection, ConnectionActions
from ui.settings.presenter import SettingsActions
from ui.today.presenter import TodayActions

Publish = Callable[[Changes], None]

if TYPE_CHECKING:
    from app.domain.events import Value
    from app.domain.reception import Reception
    from app.usecases.directory.corrections import Correctable
    from app.usecases.papers import SlipRead
    from app.usecases.partners import Partners
    from ui.matching_words import MatchingWords
    from ui.person.merging_presenter import MergingActions
    from ui.person.rights_presenter import RightsActions
    from ui.settings.notice_presenter import NoticeActions


class DeskActions:
    """The actions of every screen over one desk; `publish` tells the screens what changed."""

    def __init__(self, desk: Desk, publish: Publish) -> None:
        self._desk = desk
        self._publish = publish
        self._label = desk.reference.vocabularies.label

    def now(self) -> dt.datetime:
        """Return the present moment, in the time of this machine."""
        return self._desk.now().astimezone()

    def today(self) -> dt.date:
        """Return the day, in the time of this machine."""
        return self.now().date()

    def reception(self) -> ReceptionActions:
        """Return what the reception may have done. Each agent has a draft of their own."""
        desk, draft = self._desk, f"reception/{self._desk.workspace.agent}"
        return ReceptionActions(
            preview=partial(preview, desk),
            record=partial(record_reception, desk),
            erase_meeting=partial(erase_meeting, desk),
            keep_draft=partial(keep_draft, desk, draft=draft),
            kept_draft=partial(kept_draft, desk, draft=draft),
            discard_draft=partial(discard_draft, desk, draft=draft),
            search_persons=partial(find_persons, desk, limit=8),
            open_person=partial(open_person, desk),
            search_communes=partial(desk.reference.communes.search, limit=8),
            commune_name=self._commune_name,
            recipients=partial(recipients, desk, limit=8),
            interlocutors=partial(interlocutors_with, desk),
            partners=self._partners,
            matching_words=self._matching_words,
            entry=self._entry,
            correct=self._correct,
            young=partial(young_advice, desk),
            alike=partial(alike, desk),
            reorienting=partial(reorienting, desk),
            asked_by=lambda: desk.reference.rules.asked_by,
            asked_by_status=lambda: desk.reference.rules.asked_by_status,
            motives=desk.reference.suggestions.motives,
            label=self._label,
            publish=self._publish,
            now=self.now,
        )

    def day(self) -> TodayActions:
        """Return what the first screen may have done."""
        draft = f"reception/{self._desk.workspace.agent}"
        return TodayActions(
            the_day=partial(the_day, self._desk, draft=draft),
            settle=partial(settle_follow_up, self._desk),
            reopen=partial(reopen_follow_up, self._desk),
            publish=self._publish,
            label=self._label,
            now=self.now,
        )

    def persons(self) -> PersonActions:
        """Return what the screen of persons may have done."""
        desk = self._desk
        return PersonActions(
            search=partial(find_persons, desk),
            open=partial(open_person, desk),
            disputes=partial(disputes_of_person, desk),
            states=partial(record_states, desk),
            erase=partial(erase_person, desk),
            erase_as_asked=partial(erase_as_asked, desk),
            publish=self._publish,
            words=PersonWords(
                label=self._label,
                commune_name=self._commune_name,
                structure_name=self._structure_name,
                today=self.today,
            ),
        )

    def rights(self) -> "RightsActions":
        """Return what may be done about what people ask and agreed to."""
        from app.usecases import rights, withdrawals
        from ui.person.rights_page import RightsWords
        from ui.person.rights_presenter import RightsActions

        desk, vocabularies = self._desk, self._desk.reference.vocabularies

        def ask(
            person: SubjectId, kind: str, asked_on: str, words: str
        ) -> tuple[SubjectId, Changes]:
            return rights.ask(desk, person, kind, asked_on=asked_on, words=words)

        return RightsActions(
            requests=lambda person: rights.requests(desk, person=person),
            agreements=lambda person: open_person(desk, person).agreements,
            stops=partial(withdrawals.what_stops, desk),
            ask=ask,
            forget=partial(rights.forget_request, desk),
            answer=partial(rights.answer_request, desk),
            reopen=partial(rights.reopen_request, desk),
            withdraw=partial(withdrawals.withdraw_agreement, desk),
            publish=self._publish,
            words=RightsWords(
                label=self._label,
                structure_name=self._structure_name,
                kinds=lambda: vocabularies.get("request_kind").active(self.today()),
                answers=lambda: vocabularies.get("request_answer").active(self.today()),
                today=self.today,
            ),
        )

    def notice(self) -> "NoticeActions":
        """Return what may be done about the information notice."""
        from app.printing.notice import read_notice
        from app.usecases.notices import current_notice, notices, write_notice
        from ui.settings.notice_presenter import NoticeActions

        return NoticeActions(
            read=partial(notices, self._desk),
            current=partial(current_notice, self._desk),
            load=read_notice,
            write=partial(write_notice, self._desk),
            publish=self._publish,
        )

    def merging(self) -> "MergingActions":
        """Return what may be done about two files of one person."""
        from app.usecases import merging
        from ui.person.merging_presenter import MergingActions

        desk = self._desk
        return MergingActions(
            look=partial(merging.look_for_duplicates, desk),
            proposals=partial(merging.proposals, desk),
            merge=partial(merging.merge_persons, desk),
            separate=partial(merging.separate_person, desk),
            set_apart=partial(merging.set_apart, desk),
            commune_name=self._commune_name,
            publish=self._publish,
        )

    def referrals(self) -> ReferralActions:
        """Return what the screen of referrals may have done."""
        desk = self._desk
        return ReferralActions(
            list=partial(list_referrals, desk),
            open=self._slip,
            states=partial(record_states, desk),
            answer=partial(answer_referral, desk),
            publish=self._publish,
            structures=partial(recipients, desk),
            sender=self._sender(),
            words=ReferralWords(
                label=self._label,
                commune_name=self._commune_name,
                reasons=desk.reference.vocabularies.get("refusal_reason"),
                vocabulary=desk.reference.vocabularies.get,
                now=self.now,
            ),
        )

    def _sender(self) -> SenderActions:
        desk = self._desk
        return SenderActions(
            cancel=lambda one, why, words: cancel_referral(desk, one, reason=why, message=words),
            resume=partial(resume_referral, desk),
            preview=partial(preview_correction, desk),
            correct=partial(correct_referral, desk),
            resend=partial(resend_referral, desk),
            read=partial(note_corrections_read, desk),
            has_left=partial(has_left_here, desk),
            publish=self._publish,
            label=self._label,
            commune_name=self._commune_name,
        )

    def exchange(self, run: Callable[[], None], stop: Callable[[], None]) -> ExchangeActions:
        """Return what the screen of the exchange may have done."""
        desk = self._desk

        def standing() -> list[Due]:
            from ui.compose_machines import standing

            return [due(one.code, one.until_s) for one in standing(desk).warnings]

        def records(state: str) -> list[Record]:
            return [
                Record(
                    kind=r.kind,
                    at_s=r.at_s,
                    author=r.author,
                    partner=r.partner,
                    holders=r.holders,
                )
                for r in exchange_records(desk, state)
            ]

        return ExchangeActions(
            status=partial(exchange_status, desk),
            records=records,
            standing=standing,
            run=run,
            stop=stop,
            now=self.now,
        )

    def settings(
        self,
        look: Callable[[], settings_page.Look],
        set_theme: Callable[[str], None],
        set_scale: Callable[[int], None],
        scales: tuple[int, ...],
    ) -> SettingsActions:
        """Return what the screen of settings may have done."""
        desk = self._desk

        def add(name: str, role: str, passphrase: str) -> Changes:
            return add_agent(desk, name=name, role=role, passphrase=passphrase)

        return SettingsActions(
            agents=partial(agents, desk),
            add_agent=add,
            change_passphrase=partial(change_passphrase, desk),
            desk=self._facts,
            look=look,
            set_theme=set_theme,
            set_scale=set_scale,
            publish=self._publish,
            scales=scales,
        )

    def connection(self) -> ConnectionActions:
        """Return what the settings may have done of the network."""
        desk = self._desk

        def shown() -> Connection:
            from ui.compose_exchange import connection_of

            kept = connection_of(desk)
            return Connection(proxy=kept.proxy_shown, authority=", ".join(kept.ca_names))

        def set_proxy(url: str) -> Connection:
            from ui.compose_exchange import configure_connection

            configure_connection(desk, proxy=url)
            return shown()

        def set_authority(file: Path | None) -> Connection:
            from ui.compose_exchange import configure_connection

            # Empty would take away what was: an empty file is refused like any without certificate.
            ca = b"" if file is None else compose.bytes_of(file) or b"\n"
            configure_connection(desk, ca=ca)
            return shown()

        return ConnectionActions(read=shown, set_proxy=set_proxy, set_authority=set_authority)

    def _facts(self) -> settings_page.Desk:
        """Read what is true of this desk: structure, enrolment, machine, sources."""
        desk, own = self._desk, self._desk.own_structure()
        enrolment, region = compose.enrolment(desk)
        vocabularies = desk.reference.vocabularies
        return settings_page.Desk(
            structure=own.name,
            reference=own.reference,
            enrolment=enrolment,
            region=region,
            members=tuple(item.name for item in recipients(desk) if item.takes_part),
            folder=str(desk.workspace.folder),
            version=_version(),
            sources=tuple(
                settings_page.Source(name=name, version=known.version, source=known.source)
                for name in vocabularies.names()
                for known in (vocabularies.get(name),)
            ),
        )

    def _partners(self, reception: "Reception") -> "Partners | None":
        from app.usecases.partners import partners

        return partners(self._desk, reception)

    def _matching_words(self, at: dt.datetime) -> "MatchingWords":
        from ui.matching_words import MatchingWords

        return MatchingWords(self._desk.reference.vocabularies, at)

    def _slip(self, referral: SubjectId) -> "SlipRead":
        from app.usecases.papers import read_slip

        return read_slip(self._desk, referral)

    def _entry(self, reference: str) -> "Correctable | None":
        from app.usecases.directory.corrections import correctable

        return correctable(self._desk, reference)

    def _correct(self, reference: str, fields: "Mapping[str, Value]") -> Changes:
        from app.usecases.directory.corrections import correct

        return correct(self._desk, reference, fields)

    def _commune_name(self, code: str) -> str:
        try:
            return self._desk.reference.communes.by_code(code).name
        except UnknownCommuneError:
            return code

    def _structure_name(self, reference: str) -> str:
        return structure_name(self._desk, reference)


def _version() -> str:
    try:
        return importlib.metadata.version("deux-portes")
    except importlib.metadata.PackageNotFoundError:
        return ""
