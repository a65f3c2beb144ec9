"""What each paper says of a real desk, and what it does not say."""

import dataclasses
import json

import pytest

from app.domain.errors import UnknownRecordError
from app.domain.identifiers import SubjectId
from app.domain.referral import WITHDRAWN
from app.printing.document import Code, Facts, Table, words_in
from app.printing.errors import NoticeTextError, PaperExistsError
from app.printing.pdf import pdf_of
from app.store.compartments import COUNSELLING
from app.usecases.papers import read_person_papers
from app.usecases.persons import erase_person
from app.usecases.receptions import record_reception
from app.usecases.referrals import IN, Answer, acknowledge_arrivals, answer_referral, list_referrals
from resources import resource_path
from tests.builders import (
    ON_PAPER,
    a_desk,
    a_person,
    a_reception,
    a_referral,
    an_opened,
    handed_over,
    person_of,
    received,
    referral_of,
)
from tests.fakes.courier import carry
from tests.printing.pages import squeezed, text_of
from ui.papers.held import agreements_of
from ui.papers.making import (
    AGREEMENTS,
    EVERYTHING,
    NOTICE,
    OWN_SHEET,
    SLIP,
    Subject,
    document_of,
    words_of,
    write_new,
)
from ui.papers.own_sheet import notice_of
from ui.papers.words import french, long_day

WANTED = {"deadline_on": "2026-12-18", "deadline_reason": "licenciement", "message": "Après 17 h."}


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def said(desk, paper, **subject):
    """All that a paper says, with plain spaces."""
    return plain(words_in(document_of(desk, paper, Subject(**subject))))


def the_slip(desk, made):
    return said(desk, SLIP, referral=referral_of(made))


def test_the_slip_says_who_where_when_why_and_from_whom(desk):
    text = the_slip(desk, handed_over(desk, referral=a_referral(**WANTED)))
    for words in (
        "Structure, Mission locale d’entraînement, antenne du Blanc (exemple)",
        "2 rue de l’Exemple",
        "36300 Le Blanc",
        "Téléphone, 02 61 91 00 02",
        "du lundi au vendredi",
        "Avant le, vendredi 18 décembre 2026\nLicenciement ou reclassement",
        "De la part de, Alix Exemple, Maison France services du Blanc (exemple)",
        "Demande, « Je cherche une formation. »",
        "Prénom, Maëlys",
        "Mot au partenaire, « Après 17 h. »",
        "a donné son accord le mardi 24 novembre 2026",
        "doit vous remettre sa note d’information",
        "À rendre à : Maison France services du Blanc (exemple), 1 rue de l’Exemple",
    ):
        assert words in text


def test_what_is_told_once_is_not_told_twice(desk):
    text = the_slip(desk, handed_over(desk, referral=a_referral(**WANTED)))
    assert text.count("18 décembre 2026") == 1
    assert "oui" not in text.split("\n")


def test_the_slip_and_its_answer_bear_the_code_that_both_doors_say(desk, second):
    made = handed_over(desk)
    carry(desk, second)
    acknowledge_arrivals(second)
    (line,) = list_referrals(second, IN)
    sent = document_of(desk, SLIP, Subject(referral=referral_of(made)))
    came = document_of(second, SLIP, Subject(referral=line.referral))
    codes = [block for block in (*sent.blocks, *came.blocks) if isinstance(block, Code)]
    assert [code.text for code in codes] == [line.short_id] * 2
    assert f"Réponse pour la fiche {line.short_id}" in words_in(sent)
    assert "De la part de, Alix Exemple, Maison France services" in plain(words_in(came))


def test_every_reason_of_the_vocabulary_can_be_ticked(desk):
    text = the_slip(desk, handed_over(desk))
    reasons = desk.reference.vocabularies.get("refusal_reason").entries
    assert all(plain(entry.label) in text for entry in reasons)


def test_paper_hands_over_what_the_program_would_have_sent(desk):
    text = the_slip(
        desk, handed_over(desk, referral=a_referral(to=ON_PAPER), barriers=("mobilite",))
    )
    for words in ("CIO du Blanc", "Freins, Mobilité", "Nom, Aubrun", "06 39 98 00 01"):
        assert words in text


def test_what_is_sensitive_is_never_on_a_slip(desk):
    fields = {"barriers": ("sante", "mobilite"), "sensitive_agreed": ("sante",)}
    text = the_slip(desk, handed_over(desk, referral=a_referral(to=ON_PAPER), **fields))
    assert "Mobilité" in text
    assert "anté" not in text


def test_a_refusal_leaves_only_where_to_go(desk):
    made = handed_over(desk, referral=a_referral(to=ON_PAPER, agreement=False))
    text = the_slip(desk, made)
    assert "CIO du Blanc" in text
    assert "n’a pas donné son accord" in text
    for words in ("Aubrun", "Je cherche une formation", "Ce qui est transmis"):
        assert words not in text


def test_a_withdrawal_takes_the_content_off_the_slip(desk):
    made = handed_over(desk)
    answer_referral(desk, referral_of(made), Answer(status=WITHDRAWN))
    assert "Aubrun" not in the_slip(desk, made)


def test_somebody_unnamed_gets_a_slip_without_name(desk):
    reception = a_reception(referral=a_referral(to=ON_PAPER), notice_given=True)
    made = record_reception(desk, reception)
    text = the_slip(desk, made)
    assert "Je cherche une formation." in text
    assert "Nom," not in text


def test_the_sheet_says_what_was_asked_what_comes_and_the_rights(desk):
    made = handed_over(
        desk,
        analysed="Attirée par le soin.",
        needs=("bilan_competences",),
        next_step="rappeler",
        next_on="2026-12-04",
        referral=a_referral(**WANTED),
    )
    text = said(desk, OWN_SHEET, person=person_of(made))
    for words in (
        "mardi 24 novembre 2026, par Alix Exemple",
        "Je cherche une formation.",
        "Attirée par le soin.",
        "Faire le point sur ses compétences",
        "Ensuite, Nous la rappelons",
        "Quand, vendredi 4 décembre 2026",
        "Vous allez voir Mission locale",
        "Code à donner,",
        "Demander que tout soit effacé.",
        "dans le mois",
        "CNIL",
    ):
        assert words in text


def test_the_sheet_of_somebody_unnamed_is_made_of_the_meeting(desk):
    made = record_reception(desk, a_reception())
    text = said(desk, OWN_SHEET, encounter=made.encounter)
    assert "Je cherche une formation." in text
    assert "Vos droits" in text


def test_the_sheet_keeps_silent_about_notes_and_ended_referrals(desk):
    made = handed_over(desk, counselling_note="Un avis d’exemple.")
    answer_referral(desk, referral_of(made), Answer(status=WITHDRAWN))
    text = said(desk, OWN_SHEET, person=person_of(made))
    assert "Un avis d’exemple" not in text
    assert "Vous allez voir" not in text


def test_agreements_are_dated_one_line_a_recipient(desk):
    made = handed_over(desk)
    document = document_of(desk, AGREEMENTS, Subject(person=person_of(made)))
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    rows = [[plain(cell) for cell in row] for row in table.rows]
    assert [row[0] for row in rows] == ["mardi 24 novembre 2026"] * 2
    assert [row[1:3] for row in rows] == [
        ["Garder son dossier", "Maison France services du Blanc (exemple)"],
        ["Transmettre sa demande", "Mission locale d’entraînement, antenne du Blanc (exemple)"],
    ]
    assert {row[4] for row in rows} == {"Donné"}


def test_refused_and_withdrawn_agreements_say_so(desk):
    refused = handed_over(desk, referral=a_referral(to=ON_PAPER, agreement=False))
    assert "Refusé" in said(desk, AGREEMENTS, person=person_of(refused))
    made = handed_over(desk)
    answer_referral(desk, referral_of(made), Answer(status=WITHDRAWN))
    assert "Retiré" in said(desk, AGREEMENTS, person=person_of(made))


def test_what_is_sensitive_was_agreed_to_word_by_word(desk):
    made = received(desk, barriers=("sante",), sensitive_agreed=("sante",))
    text = said(desk, AGREEMENTS, person=person_of(made))
    label = desk.reference.vocabularies.label("barrier", "sante")
    assert f"Écrire une information sensible : {label}" in text


def test_a_file_without_agreement_says_so(desk):
    papers = read_person_papers(desk, person_of(received(desk)))
    without = dataclasses.replace(papers, file=dataclasses.replace(papers.file, agreements=()))
    assert "Aucun accord n’a été noté." in words_in(agreements_of(without, words_of(desk)))


def test_everything_held_is_told_in_the_order_it_happened(desk):
    made = received(
        desk, received_at="2026-11-02T10:00:00+01:00", reception_note="Vue avec sa mère."
    )
    known = a_person(known=person_of(made), email="maelys@exemple.test")
    handed_over(desk, person=known, expressed="Je reviens.", referral=a_referral(**WANTED))
    text = said(desk, EVERYTHING, person=person_of(made))
    for words in (
        "Courriel, maelys@exemple.test",
        "Note d’accueil, Vue avec sa mère.",
        "Mot au partenaire, « Après 17 h. »",
        "À transmettre",
        "Garder son dossier",
        "dans le mois",
    ):
        assert words in text
    order = [text.index(w) for w in ("Je cherche une formation.", "Je reviens.", "Accords")]
    assert order == sorted(order)


def test_what_was_wished_of_a_partner_is_told_in_words(desk):
    wishes = {"languages": ("ar",), "can_travel": "km_15", "mode_wished": "sur_place"}
    wishes |= {"go_day": "mercredi", "go_half": "apres_midi", "executive": False}
    text = said(desk, EVERYTHING, person=person_of(received(desk, **wishes)))
    for words in ("Langues souhaitées, Arabe", "Distance possible, 15 km", "Cadre, non"):
        assert words in text
    for words in ("Mode souhaité, Sur place", "Peut y aller, Mercredi", "Moment, L’après-midi"):
        assert words in text


def test_who_was_proposed_first_is_told_by_name(desk):
    other = a_referral(**WANTED, other_choice="souhait_personne", instead_of=ON_PAPER)
    made = handed_over(desk, referral=other)
    name = desk.reference.directory.by_reference(ON_PAPER).display_name
    assert f"Première proposée, {name}" in said(desk, EVERYTHING, person=person_of(made))


def test_a_note_that_the_agent_may_not_read_is_told_without_its_words(tmp_path):
    opened = an_opened()
    made_by = a_desk(tmp_path / "desk", opened=opened)
    person = person_of(received(made_by, counselling_note="Un avis d’exemple."))
    made_by.workspace.close()
    keys = {name: key for name, key in opened.compartments.items() if name != COUNSELLING}
    reader = a_desk(tmp_path / "desk", opened=dataclasses.replace(opened, compartments=keys))
    text = said(reader, EVERYTHING, person=person)
    reader.workspace.close()
    assert "Note de conseil, Réservée" in text
    assert "Un avis d’exemple" not in text


def test_the_notice_names_the_structure_its_contact_and_its_version(desk):
    document = document_of(desk, NOTICE, Subject())
    text = plain(words_in(document))
    for words in (
        "Maison France services du Blanc (exemple)",
        "mission d’intérêt public",
        "Deux ans après votre dernier contact",
        "Rien ne part vers une autre structure sans votre accord",
        "sans nom",
        "02 61 91 00 01",
        "CNIL",
    ):
        assert words in text
    assert "version 2026.11, mardi 24 novembre 2026" in plain(document.footer)
    assert "{" not in text


def test_a_structure_can_give_its_own_notice(desk, tmp_path):
    content = json.loads(resource_path("notice", "default.json").read_text("utf-8"))
    own = tmp_path / "note.json"
    own.write_text(json.dumps(content | {"version": "7", "lead": "Chez {structure} : {autre}."}))
    document = notice_of(words_of(desk, own))
    assert "version 7" in document.footer
    said_first = plain(words_in(document)).split("\n")[1]
    assert said_first == "Chez Maison France services du Blanc (exemple) : {autre}."


@pytest.mark.parametrize("content", ["", "[]", '{"version": "1"}', '{"version": 1, "parts": 3}'])
def test_a_notice_that_cannot_be_read_is_refused(tmp_path, desk, content):
    file = tmp_path / "note.json"
    file.write_text(content)
    with pytest.raises(NoticeTextError):
        words_of(desk, file)


def test_no_property_of_a_file_names_the_person(desk):
    made = handed_over(desk)
    subject = Subject(referral=referral_of(made), person=person_of(made))
    for paper in subject.papers:
        document = document_of(desk, paper, subject)
        for text in (document.title, document.author, document.footer, document.file_name):
            assert "Aubrun" not in text
            assert "Maëlys" not in text


def test_every_paper_is_made_in_ordinary_and_large_letters(desk):
    made = handed_over(desk, referral=a_referral(**WANTED))
    subject = Subject(referral=referral_of(made), person=person_of(made))
    assert subject.papers == (SLIP, OWN_SHEET, AGREEMENTS, EVERYTHING, NOTICE)
    for paper in subject.papers:
        for is_large in (False, True):
            document = document_of(desk, paper, subject, is_large=is_large)
            assert squeezed(document.title) in squeezed(text_of(pdf_of(document)))


def test_french_typography_is_put_before_it_is_printed(desk):
    made = handed_over(desk)
    subject = Subject(referral=referral_of(made), person=person_of(made))
    for paper in subject.papers:
        text = words_in(document_of(desk, paper, subject))
        for bare in (" :", " ;", " !", " ?", "« ", " »", "'"):
            assert bare not in text, f"{paper}: {bare!r}"


def test_what_is_filled_in_is_not_filled_again():
    assert french("{a} et {b}", a="{b}", b="x") == "{b} et x"


def test_days_are_said_whole():
    assert plain(long_day("2026-11-24")) == "mardi 24 novembre 2026"
    assert plain(long_day("2026-12-01T10:00:00+01:00")) == "mardi 1er décembre 2026"
    assert long_day("bientôt") == "bientôt"


def test_who_was_erased_has_no_paper_any_more(desk):
    made = handed_over(desk)
    erase_person(desk, person_of(made))
    for paper in (OWN_SHEET, AGREEMENTS, EVERYTHING):
        with pytest.raises(UnknownRecordError):
            document_of(desk, paper, Subject(person=person_of(made)))
    with pytest.raises(UnknownRecordError):
        document_of(desk, SLIP, Subject(referral=referral_of(made)))


def test_an_unknown_meeting_has_no_sheet(desk):
    with pytest.raises(UnknownRecordError):
        document_of(desk, OWN_SHEET, Subject(encounter=SubjectId(bytes(16))))


def test_a_paper_of_something_else_is_a_fault():
    with pytest.raises(LookupError):
        document_of(None, SLIP, Subject())


def test_a_paper_is_for_its_owner_alone_and_replaces_nothing(tmp_path):
    file = tmp_path / "fiche.pdf"
    write_new(file, b"un")
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(PaperExistsError):
        write_new(file, b"deux")
    assert file.read_bytes() == b"un"
    assert [one.name for one in tmp_path.iterdir()] == ["fiche.pdf"]


def test_a_slip_without_anything_known_of_the_recipient_has_no_empty_name(desk):
    made = handed_over(desk, referral=a_referral(to=ON_PAPER))
    document = document_of(desk, SLIP, Subject(referral=referral_of(made)))
    spoken = words_in(document)
    facts = [block for block in document.blocks if isinstance(block, Facts)]
    silent = [line.label for block in facts for line in block.lines if not line.value]
    assert "Avant le" in silent
    assert "Avant le" not in spoken
