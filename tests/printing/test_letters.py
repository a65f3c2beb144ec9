"""Whatever was written, a page comes out, and it says what was written."""

import string

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.printing.document import (
    Answer,
    Blank,
    Boxes,
    Code,
    Facts,
    Heading,
    Items,
    Line,
    Paragraph,
    Signatures,
    Table,
)
from app.printing.letters import UNKNOWN, printable
from app.printing.pdf import _shows, pdf_of
from tests.printing.pages import a_paper, squeezed, text_of

MARKUP = "#*_$@<>\\[](){}`'\"/~-=+:;.,&%|^!?0"
ANY_TEXT = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=("Cc", "Cf", "Cs", "Mn", "So")),
        st.sampled_from(MARKUP),
    ),
    max_size=60,
)


def everywhere(text):
    """A paper that says a text in every place."""
    blocks = (
        Code(label=text, text=text),
        Heading(text=text),
        Facts(lines=(Line(label=text, value=text),)),
        Items(texts=(text,)),
        Table(head=(text, text), shares=(1, 1), rows=((text, text),)),
        Boxes(texts=(text,), columns=2),
        Blank(label=text),
        Paragraph(text=text, is_strong=True),
        Signatures(names=(text,)),
    )
    answer = Answer(cut_here=text, blocks=blocks)
    return a_paper(*blocks, answer=answer, author=text, footer=text)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(ANY_TEXT)
@example("#panic()")
@example('#include "/etc/passwd"')
@example('"); #read("data.json")')
@example("שלום مرحبا 日本語 👩‍👩‍👧 έ \u202e \x00\x1b[0m\ud800")
@example("= titre\n- liste\n/ terme: x\n$x$ <étiquette> @renvoi")
@example("a\u0301\u0323" * 10)
@example("\u1100\u1161 \u0e01\u0e33 🇫🇷")
def test_any_text_in_any_place_makes_pages(text):
    assert pdf_of(everywhere(text)).startswith(b"%PDF")


@settings(max_examples=60, deadline=None)
@given(st.text(MARKUP + string.ascii_letters, min_size=1, max_size=80))
@example("#panic()")
@example("*gras* _penché_ `code` $x^2$ <a> @b \\ ~ -- ... \"q\" 'q'")
@example("// commentaire /* bloc */")
def test_nothing_written_is_read_as_instructions(text):
    file = pdf_of(a_paper(Paragraph(text=f"«{text}»")))
    assert squeezed(f"«{text}»") in squeezed(text_of(file))


@pytest.mark.parametrize("text", ["Ελένη", "Олена Шевченко", "Łukasz", "Thị Ánh", "Ağça"])
def test_names_of_other_alphabets_are_printed(text):
    file = pdf_of(a_paper(Paragraph(text=text)))
    assert text in text_of(file)


def test_a_letter_that_no_font_has_becomes_a_square():
    assert printable("日 bonjour", _shows) == f"{UNKNOWN} bonjour"
    assert "bonjour" in text_of(pdf_of(a_paper(Paragraph(text="日本 bonjour"))))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\x00b\x1b", "ab"),
        ("a\u202eb\u2066c", "abc"),
        ("e\u0301te\u0301", "été"),
        ("q\u0301", "q"),
        ("un\r\ndeux\rtrois\u2028quatre", "un\ndeux\ntrois\nquatre"),
        ("a\tb\u3000c", "a b c"),
        ("10\u202fh\u00a0: « oui »", "10\u202fh\u00a0: « oui »"),
        ("\ud800x", "x"),
    ],
)
def test_signs_that_are_not_letters(text, kept):
    assert printable(text, lambda _sign: True) == kept


def test_every_latin_letter_taken_for_granted_can_be_printed():
    letters = [chr(code) for code in range(0x20, 0x180) if chr(code).isprintable()]
    letters += ["œ", "Œ", "€", "’", "‘", "“", "”", "–", "—", "…", "•"]
    assert [letter for letter in letters if not _shows(letter)] == []
