"""The PDF itself: standard, language, title, tags, letters, nothing left behind."""

import itertools
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from zxingcpp import read_barcodes

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
    in_large_print,
    words_in,
)
from app.printing.errors import PageRefusedError
from app.printing.pdf import _laid_out, pages_of, pdf_of
from tests.printing.pages import a_paper, elements, read, roles, sizes_of, text_of
from ui.qr_codes import squares_of_code

ROOT = Path(__file__).parents[2]
CODE = "K7M4P2"
WHOLE = (
    Code(label="Code à donner", text=CODE, squares=squares_of_code(CODE), alternative="Code QR"),
    Heading(text="Premier titre"),
    Facts(lines=(Line(label="Nom", value="Exemple"), Line(label="Vide", value=" "))),
    Heading(text="Sous-titre", level=2),
    Items(texts=("un point", "un autre")),
    Table(head=("Le", "Quoi"), shares=(1, 2), rows=(("mardi", "accord"),)),
    Boxes(texts=("Acceptée", "Refusée"), columns=2),
    Blank(label="Message", lines=2),
    Paragraph(text="La fin."),
    Signatures(names=("La personne", "La structure")),
)


@pytest.fixture(scope="module")
def file() -> bytes:
    return pdf_of(a_paper(*WHOLE))


def test_the_file_says_that_it_is_accessible(file):
    root = read(file).trailer["/Root"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


def test_the_file_says_its_language_its_title_and_whose_it_is(file):
    pdf = read(file)
    assert pdf.trailer["/Root"]["/Lang"].startswith("fr")
    assert pdf.metadata.title == "Essai"
    assert pdf.metadata.author == "Structure d’exemple"


def test_titles_lists_and_tables_are_tagged(file):
    found = roles(file)
    assert found.count("H1") + found.count("H2") >= 2
    assert {"Table", "TH", "TD", "L", "LI", "P"} <= set(found)


def test_levels_of_titles_follow_each_other(file):
    levels = [int(role[1]) for role in roles(file) if role[0] == "H" and role[1:].isdigit()]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_the_qr_code_has_a_text_for_those_who_do_not_see_it(file):
    (figure,) = [one for one in elements(file) if one.role == "Figure"]
    assert figure.alternative == "Code QR"


def test_the_qr_code_holds_the_short_code_and_nothing_else():
    (page,) = pages_of(a_paper(*WHOLE), 200)
    grey = QImage.fromData(page).convertToFormat(QImage.Format.Format_Grayscale8)
    assert [code.text for code in read_barcodes(grey)] == [CODE]


def test_text_is_read_in_the_order_it_is_written(file):
    text = text_of(file)
    said = ["Essai", CODE, "Premier titre", "Exemple", "Sous-titre", "un point", "mardi"]
    said += ["Acceptée", "Refusée", "Message", "La fin.", "La personne", "La structure"]
    places = [text.index(word) for word in said]
    assert places == sorted(places)


def test_an_empty_value_takes_its_name_away(file):
    assert "Vide" not in text_of(file)


def test_a_title_over_nothing_is_left_out():
    file = pdf_of(
        a_paper(
            Heading(text="Sans rien"),
            Facts(lines=(Line(label="Nom", value=""),)),
            Heading(text="Autre", level=2),
            Heading(text="Avec"),
            Paragraph(text="quelque chose"),
        )
    )
    text = text_of(file)
    assert "Sans rien" not in text
    assert "Autre" not in text
    assert "Avec" in text


def test_large_print_is_of_18_points_and_more():
    blocks = tuple(block for block in WHOLE if not isinstance(block, Code))
    file = pdf_of(in_large_print(a_paper(*blocks)))
    sizes = {text: size for text, size in sizes_of(file).items() if "pied" not in text}
    assert min(sizes.values()) >= 18
    assert min(sizes_of(pdf_of(a_paper(*blocks))).values()) < 12


def test_a_long_text_goes_on_on_other_pages():
    words = "Un long récit. " * 1_500
    pdf = read(pdf_of(a_paper(Paragraph(text=words))))
    assert len(pdf.pages) > 3
    whole = " ".join(page.extract_text() for page in pdf.pages)
    assert whole.count("récit") == 1_500


def test_a_word_longer_than_a_line_is_cut_and_copied_whole():
    word = "https://exemple.test/" + "tres-longue-adresse/" * 12 + "x" * 150
    file = pdf_of(a_paper(Facts(lines=(Line(label="Adresse", value=word),))))
    assert word in text_of(file).replace("\n", "")
    assert "\u200b" not in text_of(file)


def test_the_answer_to_detach_stays_whole_at_the_bottom_of_the_last_page():
    answer = Answer(
        cut_here="À détacher", blocks=(Heading(text="Réponse"), Paragraph(text="Fin de réponse"))
    )
    text = Paragraph(text="Un long récit. " * 500)
    pdf = read(pdf_of(a_paper(text, answer=answer)))
    last = pdf.pages[-1].extract_text()
    assert "À détacher" in last
    assert "Fin de réponse" in last


def test_an_answer_that_no_page_could_hold_flows():
    answer = Answer(cut_here="À détacher", blocks=(Paragraph(text="Une raison. " * 900),))
    pdf = read(pdf_of(a_paper(answer=answer)))
    assert sum(page.extract_text().count("raison") for page in pdf.pages) == 900


def test_what_is_heard_says_what_the_pages_say():
    spoken = words_in(a_paper(*WHOLE))
    assert "Code à donner, K 7 M 4 P 2" in spoken
    assert "Nom, Exemple" in spoken
    assert "mardi, accord" in spoken


def test_pages_are_pictures_of_the_same_size_as_the_sheet():
    (page,) = pages_of(a_paper(), 100)
    image = QImage.fromData(page)
    assert (image.width(), image.height()) == (827, 1169)


def test_a_refusal_quotes_nothing_of_the_page():
    files = {"main.typ": b'#panic("Zo\xc3\xa9 Exemple")'}
    with pytest.raises(PageRefusedError) as refused:
        _laid_out(files, {"format": "pdf"})
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None
    assert "Zoé" not in str(refused.value)


_MAKES = """
import sys
from app.printing.pdf import pages_of, pdf_of
from app.printing.document import Paragraph
from tests.printing.pages import a_paper
paper = a_paper(Paragraph(text="Zoé Exemple, née le 12 mars 1978"))
assert pdf_of(paper) and pages_of(paper)
"""


def test_nothing_is_written_while_pages_are_made(tmp_path, caplog):
    places = {name: tmp_path / name for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME")}
    for place in places.values():
        place.mkdir()
    with caplog.at_level(logging.DEBUG):
        done = subprocess.run(
            [sys.executable, "-c", _MAKES],
            cwd=ROOT,
            env=os.environ
            | {name: str(place) for name, place in places.items()}
            | {"PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert [file for place in places.values() for file in place.rglob("*")] == []
    assert "Exemple" not in caplog.text


def test_typst_is_not_imported_before_a_page_is_made():
    script = "import sys, ui.desk_window, ui.papers.making, app.printing.pdf;"
    script += "sys.exit('typst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0
