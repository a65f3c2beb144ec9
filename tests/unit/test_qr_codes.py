"""Carried files as QR codes: really drawn, really read."""

import json
import os
from pathlib import Path

import pytest

from app.domain.errors import UnreadablePictureError
from sync.ceremony_files import (
    InvitationFile,
    JoinRequestFile,
    Region,
    read_invitation_file,
    read_join_request_file,
)
from sync.statements import read_statement
from tests.exchange.parties import NOW_S, Machine, Structure, octets
from tests.exchange.parties import Region as RegionParty
from ui.qr_codes import is_picture, read_qr, write_qr


def request_text() -> str:
    data = Machine("nord/2").ask_to_join(Structure("nord"), octets("token", 16))
    return JoinRequestFile(statement=data, request=read_statement(data).body).to_json()


def invitation_text(name="Région (exemple)") -> str:
    party, structure = RegionParty(), Structure("nord")
    region = Region(
        name=name,
        authority_key=party.key.public,
        relay_url="https://relais.exemple.fr",
        relay_statement=party.relay_certificate(),
    )
    return InvitationFile(
        region=region,
        structure=structure.id,
        structure_statement=party.certify(structure, directory="exemple/1"),
        token=octets("token", 16),
        until_s=NOW_S,
    ).to_json()


def test_request_of_a_machine_passes_by_a_picture(tmp_path):
    text, picture = request_text(), tmp_path / "demande.png"
    write_qr(picture, text)
    assert read_join_request_file(read_qr(picture)) == read_join_request_file(text)


def test_invitation_passes_by_a_picture_whatever_the_name_of_its_region(tmp_path):
    longest = "Région de l’Été ☀ " * 22
    for name in ("Région (exemple)", longest[:400]):
        text, picture = invitation_text(name), tmp_path / "invitation.png"
        write_qr(picture, text)
        assert read_invitation_file(read_qr(picture)) == read_invitation_file(text)


def test_code_can_be_drawn_for_print(tmp_path):
    drawing = tmp_path / "demande.svg"
    write_qr(drawing, request_text())
    assert drawing.read_text("utf-8").startswith("<?xml")


def test_picture_that_was_turned_is_read(tmp_path):
    from PySide6.QtGui import QImage, QTransform

    text, picture = request_text(), tmp_path / "demande.png"
    write_qr(picture, text)
    turned = QImage(str(picture)).transformed(QTransform().rotate(90))
    photograph = tmp_path / "photo.jpg"
    assert turned.save(str(photograph), "JPG", 80)
    assert read_join_request_file(read_qr(photograph)) == read_join_request_file(text)


def other_code(folder: Path, content: str) -> Path:
    import segno

    picture = folder / "autre.png"
    segno.make_qr(content).save(str(picture), scale=4)
    return picture


@pytest.mark.parametrize("content", ["https://exemple.fr", "DP1:", "DP1:ZZZ", "DP1:%%%%%%"])
def test_code_of_something_else_is_refused(tmp_path, content):
    with pytest.raises(UnreadablePictureError):
        read_qr(other_code(tmp_path, content))


def test_file_that_is_no_picture_is_refused(tmp_path):
    picture = tmp_path / "photo.png"
    picture.write_bytes(os.urandom(500))
    with pytest.raises(UnreadablePictureError):
        read_qr(picture)


def test_code_that_swells_is_refused(tmp_path):
    swelling = tmp_path / "bombe.png"
    write_qr(swelling, json.dumps("0" * 2_000_000))
    with pytest.raises(UnreadablePictureError):
        read_qr(swelling)


def test_pictures_are_known_by_their_names():
    assert is_picture(Path("Photo.JPG"))
    assert not is_picture(Path("demande.json"))
