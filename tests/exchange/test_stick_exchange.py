"""By sticks alone: two structures that no network ever joined, from referral to answer."""

import re
from dataclasses import replace

import pytest

from app.ports import SequenceRange
from app.usecases.exchange_records import exchange_records
from sync.relay.directory import _KNOWN_TO_ALL, _KNOWN_TO_MEMBERS, _KNOWN_TO_STRUCTURE
from sync.sealing import Sealing
from sync.statement_bodies import KINDS
from sync.statements import Invitation, Receipt, read_statement
from sync.stick.audiences import FOR_EVERYBODY, FOR_MEMBERS, FOR_THE_STRUCTURE
from sync.stick.manifest import EVERYBODY, FileKind
from sync.stick.packs import bundle_packs
from sync.stick.watch import StickStep, Watch
from tests.exchange.forging import pair_of
from tests.exchange.sticks import (
    carry,
    everything_on,
    files_of,
    folder_of,
    manifest_of,
    met,
    read,
    resign,
    write,
)
from tests.fakes.transport import RelayModel


@pytest.fixture
def doors(certified, stick):
    """Two desks that met by sticks alone, and the stick they met by."""
    met(certified, stick)
    return certified["blanc"], certified["chateauroux"]


def counts(door) -> dict[str, int]:
    """The counts of the exchange that are not zero; each opens exactly what it counts."""
    status = door.counts()
    names = ("pending", "on_stick", "received", "sent", "acknowledged", "pulled", "quarantine")
    for name in names:
        assert len(exchange_records(door.desk, name)) == getattr(status, name)
    return {name: getattr(status, name) for name in names if getattr(status, name)}


def test_structures_meet_by_sticks_alone(certified, stick):
    blanc, chateauroux = certified["blanc"], certified["chateauroux"]
    [report] = carry(stick, chateauroux, blanc)
    assert report.structures == ("chateauroux",)
    assert not report.is_for_us
    assert [one.structure_name for one in report.writers] == ["chateauroux"]
    assert blanc.receive(chateauroux).referral is not None


def test_referral_goes_and_its_answer_comes_back(doors, stick):
    blanc, chateauroux = doors
    blanc.receive(chateauroux)
    [report] = carry(stick, blanc, chateauroux)
    assert (report.records, report.bundles, report.is_for_us) == (1, 1, True)
    assert chateauroux.statuses("in") == ["recue"]
    chateauroux.answer()
    [report] = carry(stick, chateauroux, blanc)
    assert blanc.statuses("out") == ["acceptee"]
    assert (report.missing, report.damaged, report.problems) == (0, 0, ())


def test_states_go_from_pending_to_on_stick_to_received(doors, stick):
    blanc, chateauroux = doors
    blanc.receive(chateauroux)
    assert counts(blanc) == {"pending": 7}
    write(blanc, stick)
    assert counts(blanc) == {"on_stick": 7}
    assert blanc.counts().oldest_pending_at_s is None
    assert blanc.counts().oldest_on_stick_at_s is not None
    read(chateauroux, stick)
    carry(stick, chateauroux, blanc)
    # What is of the pair was shown to be there; the rest is of this structure alone.
    assert counts(blanc) == {"on_stick": 6, "received": 1, "pulled": 1}


def test_what_was_on_a_stick_still_goes_to_the_relay(doors, stick):
    blanc, chateauroux = doors
    blanc.receive(chateauroux)
    write(blanc, stick)
    blanc.exchange()
    assert counts(blanc) == {"acknowledged": 7}


def test_same_bundles_by_stick_and_by_network(doors, stick):
    blanc, chateauroux = doors
    blanc.receive(chateauroux)
    blanc.exchange()
    write(blanc, stick)
    on_stick = b"".join(file.read_bytes() for file in files_of(stick, blanc))
    on_relay = blanc.world.relay.bundles.values()
    assert on_relay
    assert all(data in on_stick for data in on_relay)


def test_stick_read_twice_takes_nothing_twice(doors, stick):
    blanc, chateauroux = doors
    blanc.receive(chateauroux)
    write(blanc, stick)
    first, rows = read(chateauroux, stick), chateauroux.rows()
    again = read(chateauroux, stick)
    assert (first.bundles, again.bundles, again.records, again.statements) == (1, 0, 0, 0)
    assert again.known >= 1
    assert chateauroux.rows() == rows


def test_sticks_read_out_of_order_give_the_same(doors, tmp_path):
    blanc, chateauroux = doors
    sticks = [tmp_path / f"cle {number}" for number in range(3)]
    for number, stick in enumerate(sticks):
        blanc.receive(chateauroux)
        write(blanc, stick)
        if number:
            # A stick that leaves out what lay on the one before, as a courier's would.
            keep_last_bundle(stick, blanc, chateauroux)
    last = read(chateauroux, sticks[2])
    assert (last.bundles, last.missing, chateauroux.reasons()) == (0, 2, ["gap"])
    read(chateauroux, sticks[1])
    assert len(chateauroux.referrals("in")) == 0
    first = read(chateauroux, sticks[0])
    assert (first.bundles, first.missing, chateauroux.reasons()) == (3, 0, [])
    assert len(chateauroux.referrals("in")) == 3


def keep_last_bundle(stick, door, other):
    """Leave on a stick, of what two doors share, only the last bundle."""
    space = pair_of(door, other).id
    head = door.port.head(space)
    [pack] = bundle_packs(space, [one for one in door.port.unsent() if one.name == head.name])
    (folder_of(stick, door) / pack.file.name).write_bytes(pack.data)

    def without_the_rest(manifest):
        kept = [
            one for one in manifest.files if (one.audience, one.kind) != (space, FileKind.BUNDLES)
        ]
        return replace(manifest, files=(*kept, pack.file))

    resign(stick, door, without_the_rest)


def test_older_stick_is_read_without_harm_and_said_to_be_older(doors, tmp_path):
    blanc, chateauroux = doors
    old, new = tmp_path / "vieille", tmp_path / "neuve"
    write(blanc, old)
    blanc.receive(chateauroux)
    write(blanc, new)
    read(chateauroux, new)
    report = read(chateauroux, old)
    assert [one.is_older for one in report.writers] == [True]
    assert chateauroux.statuses("in") == ["recue"]


def test_what_every_reader_has_is_left_out(doors, stick):
    blanc, chateauroux = doors
    blanc.receive(chateauroux)
    carry(stick, blanc, chateauroux)
    carry(stick, chateauroux, blanc)
    blanc.receive(chateauroux)
    written = write(blanc, stick)
    # Left out: what went before between the two; the structure's own has no other reader yet.
    assert written.left_out == 2
    pair = pair_of(blanc, chateauroux).id
    files = [one for one in manifest_of(stick, blanc).files if one.kind is FileKind.BUNDLES]
    assert {one.audience for one in files} == {pair, blanc.desk.own_structure().space.id}
    assert read(chateauroux, stick).records == 1


def test_what_was_read_on_another_stick_is_left_out_too(doors, stick, tmp_path):
    blanc, chateauroux = doors
    blanc.receive(chateauroux)
    carry(stick, blanc, chateauroux)
    carry(stick, chateauroux, blanc)
    assert write(blanc, tmp_path / "autre").left_out == 2


def test_nothing_moves_on_a_stick_that_says_it_all(doors, stick):
    blanc, chateauroux = doors
    blanc.receive(chateauroux)
    write(blanc, stick)
    before = everything_on(stick)
    again = write(blanc, stick)
    changed = {name for name, data in everything_on(stick).items() if before.get(name) != data}
    assert changed == {f"{folder_of(stick, blanc).name}/manifest.dpm"}
    assert again.files_written == 1


def test_receipts_travel_back_with_whoever_has_a_network(doors, stick):
    blanc, chateauroux = doors
    chateauroux.exchange()
    blanc.receive(chateauroux)
    carry(stick, blanc, chateauroux)
    chateauroux.exchange()
    [report] = carry(stick, chateauroux, blanc)
    assert report.receipts == 1
    assert counts(blanc)["acknowledged"] == 1
    # Once its author has said so, the receipt is not carried any more.
    assert write(chateauroux, stick).receipts == 1
    carry(stick, blanc, chateauroux)
    assert write(chateauroux, stick).receipts == 0


def test_receipt_that_no_relay_of_the_region_signed_is_not_kept(doors, stick):
    blanc, chateauroux = doors
    blanc.receive(chateauroux)
    carry(stick, blanc, chateauroux)
    [bundle] = chateauroux.port.bundles_in(whole_chain(blanc, pair_of(blanc, chateauroux).id))
    other = RelayModel(authority_key=blanc.world.authority.public)
    forged = other._receipt(bundle.name, bundle.data)
    chateauroux.port.keep_receipts({bundle.name: (forged, 1)})
    [report] = carry(stick, chateauroux, blanc)
    assert report.receipts == 0
    assert "acknowledged" not in counts(blanc)


def whole_chain(door, space) -> SequenceRange:
    return SequenceRange(space=space, incarnation=door.port.incarnation(), first=1, last=9)


def test_statements_of_a_pair_and_of_a_structure_have_files_of_their_own(doors, stick):
    blanc, chateauroux = doors
    blanc.receive(chateauroux)
    blanc.membership.invite()
    write(blanc, stick)
    own = blanc.desk.own_structure()
    audiences = [
        one.audience for one in manifest_of(stick, blanc).files if one.kind is FileKind.STATEMENTS
    ]
    assert sorted(audiences) == sorted(
        [EVERYBODY, own.id, own.space.id, pair_of(blanc, chateauroux).id]
    )
    read(chateauroux, stick)
    kinds = {type(read_statement(data).body) for data in chateauroux.port.statements()}
    assert Invitation not in kinds


def test_statements_are_for_whom_the_relay_would_tell_them():
    travelling = {*FOR_EVERYBODY, *FOR_MEMBERS, *FOR_THE_STRUCTURE}
    assert set(_KNOWN_TO_ALL) == set(FOR_EVERYBODY)
    assert set(_KNOWN_TO_MEMBERS) == set(FOR_MEMBERS)
    assert set(_KNOWN_TO_STRUCTURE) == set(FOR_THE_STRUCTURE)
    assert set(KINDS.values()) == travelling | {Receipt}


def test_nothing_on_a_stick_can_be_read_without_keys(doors, stick):
    blanc, chateauroux = doors
    blanc.receive(chateauroux, expressed="Je voudrais devenir vitraillier")
    write(blanc, stick)
    held = b"".join(everything_on(stick).values())
    assert b"DPB" in held
    for word in ("vitraillier", "Exemplier", "Nadia", "0639980021", "33639980021"):
        assert word.encode() not in held
    names = " ".join(everything_on(stick))
    assert all(part not in names for part in ("chateauroux", "Exemplier"))


def test_names_are_those_that_every_stick_accepts(doors, stick):
    blanc, chateauroux = doors
    blanc.receive(chateauroux)
    write(blanc, stick)
    names = [part for name in everything_on(stick) for part in name.split("/")]
    assert len({name.lower() for name in names}) == len(set(names))
    assert all(re.fullmatch(r"[A-Za-z0-9.-]{1,60}", name) for name in names)


def test_many_bundles_go_in_few_files(doors, stick):
    blanc, chateauroux = doors
    for _ in range(30):
        blanc.receive(chateauroux)
        Sealing(blanc.port, blanc.registry, blanc.keyring).seal_all()
    written = write(blanc, stick)
    assert written.bundles == 60
    assert len(files_of(stick, blanc)) == 2
    assert read(chateauroux, stick).bundles == 30


def test_progress_is_told_and_reading_can_be_stopped_and_gone_on_with(doors, stick):
    blanc, chateauroux = doors
    for _ in range(3):
        blanc.receive(chateauroux)
        write(blanc, stick)
    told = []
    stops = iter([False, True])
    report = read(
        chateauroux, stick, Watch(progress=told.append, cancelled=lambda: next(stops, True))
    )
    assert (report.cancelled, report.bundles) == (True, 1)
    assert told[0].step is StickStep.READING
    assert read(chateauroux, stick).bundles == 2


def test_writing_that_is_stopped_leaves_the_stick_as_it_was(doors, stick):
    blanc, chateauroux = doors
    write(blanc, stick)
    before = manifest_of(stick, blanc)
    blanc.receive(chateauroux)
    told = []
    written = write(blanc, stick, Watch(progress=told.append, cancelled=lambda: len(told) > 2))
    assert written.cancelled
    assert manifest_of(stick, blanc) == before
    assert counts(blanc) == {"pending": 7}
    assert read(chateauroux, stick).bundles == 0
    write(blanc, stick)
    assert read(chateauroux, stick).bundles == 1
