"""A paper locked by a passphrase: opened by it alone, and read aloud as before once it is open."""

import hashlib
import io
import math
import sys

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from app.domain.identifiers import SPOKEN_ALPHABET
from app.printing.document import Facts, Heading, Line
from app.printing.encryption import encrypted, new_passphrase
from app.printing.errors import PrintingMissingError
from app.printing.pdf import pdf_of
from tests.printing.pages import a_paper, elements, read

PASSPHRASE = ("ABCD", "EFGH", "JKLM", "NPQR")
WORDS = "".join(PASSPHRASE)


@pytest.fixture(scope="module")
def clear():
    return pdf_of(
        a_paper(
            Heading(text="Où aller"),
            Facts(lines=(Line(label="Personne", value="Zoé Exemple-Martin"),)),
            title="Fiche de liaison",
        )
    )


@pytest.fixture(scope="module")
def locked(clear):
    return encrypted(clear, PASSPHRASE)


def opened(file, password):
    reader = read(file)
    assert reader.decrypt(password)
    return reader


def shape(reader):
    """The file as it would be without a lock, for those who read structures."""
    from pypdf import PdfWriter

    plain = io.BytesIO()
    writer = PdfWriter(clone_from=reader)
    writer.write(plain)
    return elements(plain.getvalue())


@pytest.mark.parametrize("password", [WORDS, WORDS.lower()])
def test_it_opens_with_the_groups_in_one_go_capitals_or_not(locked, password):
    text = opened(locked, password).pages[0].extract_text()
    assert "Exemple-Martin" in text


@pytest.mark.parametrize("password", ["", "ABCD EFGH JKLM NPQR", WORDS[:-1], "nimportequoi"])
def test_anything_else_opens_nothing(locked, password):
    assert not read(locked).decrypt(password)


def test_nothing_of_it_is_readable_without(locked):
    for word in ("Exemple", "Fiche de liaison", "Structure d"):
        assert word.encode() not in locked
        assert word.encode("utf-16-be") not in locked


def test_language_title_and_structure_stay(clear, locked):
    before, after = read(clear), opened(locked, WORDS)
    assert after.trailer["/Root"]["/Lang"] == before.trailer["/Root"]["/Lang"] == "fr-FR"
    assert after.metadata.title == "Fiche de liaison"
    assert after.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert after.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]
    assert shape(after) == elements(clear)
    assert len(elements(clear)) > 5
    assert after.xmp_metadata.dc_title == before.xmp_metadata.dc_title


def test_it_says_what_locks_it_to_any_reader(locked):
    assert locked.startswith(b"%PDF-2.0")
    lock = read(locked).trailer["/Encrypt"].get_object()
    assert (lock["/V"], lock["/R"], lock["/Length"]) == (5, 6, 256)
    assert lock["/CF"]["/StdCF"]["/CFM"] == "/AESV3"
    assert lock["/StmF"] == lock["/StrF"] == "/StdCF"


def test_a_reader_written_from_the_standard_alone_finds_the_same_key(locked):
    """ISO 32000-2, 7.6.4.3.3 and 7.6.4.3.4: what unlocks the file is what the standard says."""
    lock = read(locked).trailer["/Encrypt"].get_object()
    user, key = lock["/U"].original_bytes, lock["/UE"].original_bytes
    password, check, salt = WORDS.encode(), user[32:40], user[40:48]
    assert hardened(password, check) == user[:32]
    found = unciphered(hardened(password, salt), key)
    said = Cipher(algorithms.AES(found), modes.ECB()).decryptor()  # noqa: S305 -- the standard's
    permissions = said.update(lock["/Perms"].original_bytes) + said.finalize()
    assert permissions[9:12] == b"adb"


def hardened(password, salt):
    """Algorithm 2.B, for a user's password."""
    key, turn = hashlib.sha256(password + salt).digest(), 0
    while True:
        block = Cipher(algorithms.AES(key[:16]), modes.CBC(key[16:32])).encryptor()
        mixed = block.update((password + key) * 64) + block.finalize()
        remainder = int.from_bytes(mixed[:16], "big") % 3
        key = (hashlib.sha256, hashlib.sha384, hashlib.sha512)[remainder](mixed).digest()
        turn += 1
        if turn >= 64 and mixed[-1] <= turn - 32:
            return key[:32]


def unciphered(key, content):
    plain = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).decryptor()
    return plain.update(content) + plain.finalize()


def test_two_files_of_one_paper_have_nothing_in_common(clear):
    one, other = (
        read(encrypted(clear, PASSPHRASE)).trailer["/Encrypt"].get_object() for _ in range(2)
    )
    assert one["/U"] != other["/U"]
    assert one["/UE"] != other["/UE"]


def test_a_passphrase_is_long_enough_and_easy_to_say():
    drawn = {new_passphrase() for _ in range(200)}
    assert len(drawn) == 200
    for groups in drawn:
        assert [len(group) for group in groups] == [4, 4, 4, 4]
        assert set("".join(groups)) <= set(SPOKEN_ALPHABET)
    assert 16 * math.log2(len(SPOKEN_ALPHABET)) >= 80


@settings(max_examples=10, deadline=None)
@given(groups=st.lists(st.text(SPOKEN_ALPHABET, min_size=1, max_size=8), min_size=1, max_size=6))
def test_whatever_the_groups_the_file_comes_back(clear, groups):
    reader = PdfReader(io.BytesIO(encrypted(clear, groups)))
    assert reader.decrypt("".join(groups).lower())
    assert len(reader.pages) == 1


def test_without_the_library_it_is_said_calmly(clear, monkeypatch):
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(PrintingMissingError):
        encrypted(clear, PASSPHRASE)
