"""Write the vectors of the exchange again: `python -m tests.exchange.make_vectors`.

They are for whoever writes the exchange in another language, and hold the format still. Bytes
that depend on the version of zstd or on chance (bundles, wraps) are kept as they were first
written: a reader must open them for ever.
"""

import hashlib
import json
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from app.domain.events import SealedValue
from app.domain.fold import fold
from app.domain.identifiers import (
    COUNTER_MAX,
    SubjectId,
    event_id,
    id_text,
    spoken_code,
)
from sync.canonical import canonical
from sync.columns import encode_events
from sync.envelope import Place, seal
from sync.paper_machine import check_sign, keys_of, seal_root
from sync.sealed_values import value_to_canonical
from sync.statement_bodies import SHAPES
from sync.statements import fingerprint, read_statement, statement_name
from sync.stick.manifest import (
    FileKind,
    Manifest,
    SpaceHeld,
    StickFile,
    read_manifest,
    sign_manifest,
)
from sync.wire import bundle_name, epoch_name, padme_length, parse_bundle, space_name
from tests.exchange.checkpoint_vectors import checkpoint_pieces, next_key
from tests.exchange.event_forms import OTHER, OWN, SPACE, event_to_json, value_to_json
from tests.exchange.first_format import encode_first_events
from tests.exchange.parties import Machine, Region, Structure, epoch, octets
from tests.exchange.vector_events import EVERY_FORM, FOLD_CASES, RECEPTION
from tests.exchange.wire_vectors import WIRE_MAKERS

FOLDER = Path(__file__).parent / "vectors"
KEPT = frozenset(
    {
        *("recovery", "bundle", "bundle_of_dictionary_1", "wrap", "checkpoint_pieces"),
        *("qr_form", "pack"),
    }
)
"""Vectors whose bytes differ at every run or with another zstd: written once."""

REGION, NORTH, SOUTH = Region(), Structure("nord"), Structure("sud")
N1, N2 = Machine("nord/1"), Machine("nord/2")
PAIR = space_name(2, [NORTH.id, SOUTH.id])


def identifiers() -> dict:
    request = N2.ask_to_join(NORTH, octets("token", 16))
    own = epoch(NORTH.space)
    return {
        "authority": {"public": REGION.key.public.hex(), "id": REGION.key.id.hex()},
        "relay": {"public": REGION.relay.public.hex(), "id": REGION.relay.id.hex()},
        "structure": {"root": NORTH.root.public.hex(), "id": NORTH.id.hex()},
        "machine": {
            "sign_seed": N1.keys.sign.to_bytes().hex(),
            "hpke_seed": N1.keys.hpke.to_bytes().hex(),
            "sign": N1.keys.sign.public.hex(),
            "hpke": N1.keys.hpke.public.hex(),
            "id": N1.id.hex(),
        },
        "spaces": spaces(),
        "epoch": {
            "space": NORTH.space.hex(),
            "key": own.key.hex(),
            "id": epoch_name(NORTH.space, own.key).hex(),
        },
        "events": event_names(),
        "fingerprint": {"request": request.hex(), "spoken": fingerprint(request)},
    }


def spaces() -> list:
    named = (
        (1, [NORTH.id]),
        (2, [NORTH.id, SOUTH.id]),
        (2, [SOUTH.id, NORTH.id]),
        (3, [NORTH.id, REGION.key.id]),
        (4, [REGION.key.id, b"37"]),
    )
    return [
        {
            "kind": kind,
            "members": [member.hex() for member in members],
            "id": space_name(kind, members).hex(),
        }
        for kind, members in named
    ]


def event_names() -> list:
    return [
        {
            "incarnation": OWN.hex(),
            "counter": counter,
            "id": event_id(OWN, counter).hex(),
            "text": id_text(event_id(OWN, counter)),
            "spoken": spoken_code(event_id(OWN, counter)),
        }
        for counter in (1, 17, 256, COUNTER_MAX - 1)
    ]


def padme() -> dict:
    lengths = [*range(40), 100, 255, 256, 257, 1_000, 4_095, 4_097, 65_535, 65_537, 1_048_000]
    return {"lengths": [[length, padme_length(length)] for length in lengths]}


def columns() -> dict:
    cases = {"empty": [], "reception": RECEPTION}
    return columns_of(cases, encode_first_events)


def columns_of_format_2() -> dict:
    cases = {"empty": [], "reception": RECEPTION, "every form": EVERY_FORM}
    return columns_of(cases, encode_events)


def columns_of(cases: dict, encode) -> dict:
    return {
        "cases": [
            {
                "name": name,
                "incarnation": OWN.hex(),
                "events": [event_to_json(event) for event in events],
                "columns": encode(OWN, events).hex(),
            }
            for name, events in cases.items()
        ],
    }


def bundle() -> dict:
    """Columns of format 1 without a dictionary, as version 0.1 sealed them: never written again."""
    return kept("bundle")


def bundle_of_dictionary_1() -> dict:
    own = epoch(SPACE)
    place = Place(
        space=SPACE,
        incarnation=OWN,
        sequence=2,
        previous=octets("previous bundle"),
        epoch=own.epoch,
        seen={OTHER: 7},
    )
    plain = encode_events(OWN, RECEPTION)
    salt = octets("salt", 16)
    data = seal(
        plain,
        place,
        epoch_key=own.key,
        sign_key=N1.keys.sign.private_key,
        random=lambda _: salt,
    )
    return {
        "epoch_key": own.key.hex(),
        "sign": N1.keys.sign.public.hex(),
        "columns": plain.hex(),
        "salt": salt.hex(),
        "header": parse_bundle(data).associated_data[6:].hex(),
        "name": bundle_name(data).hex(),
        "bundle": data.hex(),
    }


def statements() -> dict:
    n1 = NORTH.sign_machine(N1.keys)
    head = (NORTH.space, N2.incarnation, 3, octets("last bundle"))
    cover = (head[1:],)
    proposal = N1.propose(epoch(NORTH.space), (N1.id, N2.id), cover=cover)
    signed = {
        "relay": (REGION.key, REGION.relay_certificate()),
        "structure": (REGION.key, REGION.certify(NORTH, directory="exemple/1")),
        "profile": (NORTH.root, NORTH.profile()),
        "machine": (NORTH.root, n1),
        "recovery": (NORTH.root, bytes.fromhex(kept("recovery")["statement"])),
        "incarnation": (N1.keys.sign, N1.live()),
        "space": (N1.keys.sign, N1.name_space(2, NORTH.id, SOUTH.id)),
        "wrap": (N1.keys.sign, bytes.fromhex(kept("wrap")["epoch"]["statement"])),
        "structure_key": (
            N1.keys.sign,
            bytes.fromhex(kept("wrap")["structure_key"]["statement"]),
        ),
        "invitation": (N1.keys.sign, N1.invite(NORTH, octets("token", 16))),
        "request": (N2.keys.sign, N2.ask_to_join(NORTH, octets("token", 16))),
        "revocation": (NORTH.root, NORTH.revoke(N2.id, (head,))),
        "receiver": (N1.keys.sign, N1.receive_under(NORTH, epochs=[epoch(SPACE).epoch])),
        "checkpoint": (N1.keys.sign, proposal),
        "confirmation": (N2.keys.sign, N2.confirm(proposal)),
        "dormant": (N1.keys.sign, N1.declare_dormant(N2.id, proposal)),
        "receipt": (REGION.relay, REGION.receipt(octets("bundle"), NORTH.space, N1.incarnation)),
    }
    return {
        "statements": [
            {
                "kind": kind,
                "signer": key.public.hex(),
                "signer_seed": key.to_bytes().hex(),
                "fields": body_to_json(read_statement(data).body),
                "name": statement_name(data).hex(),
                "statement": data.hex(),
            }
            for kind, (key, data) in signed.items()
        ],
    }


def body_to_json(body) -> dict:
    shapes = SHAPES[body.kind].items()
    return {key: value_to_json(getattr(body, field)) for key, (field, _) in shapes}


def wrap() -> dict:
    own = epoch(NORTH.space)
    n2 = NORTH.sign_machine(N2.keys)
    return {
        "recipient_hpke_seed": N2.keys.hpke.to_bytes().hex(),
        "epoch": {"key": own.key.hex(), "statement": N1.wrap(own, n2).hex()},
        "structure_key": {
            "profile": NORTH.profile().hex(),
            "seed": NORTH.key().to_bytes().hex(),
            "statement": N1.wrap_structure_key(NORTH, n2).hex(),
        },
    }


def recovery() -> dict:
    code = "-".join(["2345", "6789", "ABCD", "EFGH", "JKLM", "NPQR", "STU"])
    code += check_sign(code.replace("-", ""))
    paper = keys_of(code)
    certificate = NORTH.sign_machine(paper)
    return {
        "code": code,
        "sign_seed": paper.sign.to_bytes().hex(),
        "hpke_seed": paper.hpke.to_bytes().hex(),
        "machine": paper.id.hex(),
        "root_seed": NORTH.root.to_bytes().hex(),
        "signer": NORTH.root.public.hex(),
        "certificate": certificate.hex(),
        "statement": seal_root(NORTH.root, paper).hex(),
    }


def sealed_value() -> dict:
    subject = SubjectId(event_id(OWN, 5))
    key, nonce = octets("compartment"), octets("nonce", 12)
    key_id = hashlib.sha256(b"deux-portes/compartment/1\0conseil\0" + key).digest()[:8]
    plain = canonical("Note de conseil (exemple)")
    added = b"deux-portes/sealed/1\0" + subject + b"conseil\0note"
    value = SealedValue(
        compartment="conseil",
        key_id=key_id,
        nonce=nonce,
        ciphertext=ChaCha20Poly1305(key).encrypt(nonce, plain, added),
    )
    return {
        "subject": id_text(subject),
        "field": "note",
        "compartment_key": key.hex(),
        "text": "Note de conseil (exemple)",
        "additional_data": added.hex(),
        "value": value_to_json(value),
        "cbor": canonical(value_to_canonical(value)).hex(),
    }


def fold_cases() -> dict:
    return {
        "cases": [
            {
                "name": name,
                "subject": id_text(subject),
                "events": [event_to_json(event) for event in events],
                "state": state_to_json(fold(subject, events)),
            }
            for name, subject, events in FOLD_CASES
        ],
    }


def state_to_json(state) -> dict:
    return {
        "kind": state.kind,
        "erased": state.erased,
        "created_at": state.created_at_s,
        "created_by": state.created_by,
        "disputed": list(state.disputed),
        "fields": {
            name: [[id_text(item.event), value_to_json(item.value)] for item in standing]
            for name, standing in sorted(state.fields.items())
        },
        "lists": {
            name: [[id_text(item.event), value_to_json(item.value)] for item in items]
            for name, items in sorted(state.lists.items())
        },
    }


def stick_manifest() -> dict:
    """One manifest, with the key that signs it; Ed25519 signs the same bytes alike."""
    held = SpaceHeld(
        kind=2,
        members=(NORTH.id, SOUTH.id),
        head=3,
        head_name=octets("head"),
        acknowledged=2,
        seen={Machine("sud/1").incarnation: 7},
    )
    file = StickFile(kind=FileKind.BUNDLES, audience=PAIR, size=1_234, digest=octets("file"))
    manifest = Manifest(
        authority=REGION.key.id,
        machine=N1.id,
        structure=NORTH.id,
        incarnation=N1.incarnation,
        number=5,
        written_at_s=1_795_000_000,
        files=(file,),
        spaces={PAIR: held},
    )
    data = sign_manifest(manifest, N1.keys.sign.private_key)
    return {
        "sign_seed": N1.keys.sign.to_bytes().hex(),
        "sign": N1.keys.sign.public.hex(),
        "payload": read_manifest(data).payload.hex(),
        "manifest": data.hex(),
        "file_name": file.name,
        "number": manifest.number,
        "holds": {one.hex(): last for one, last in manifest.holds(PAIR).items()},
    }


MAKERS = {
    "stick_manifest": stick_manifest,
    "checkpoint_pieces": checkpoint_pieces,
    "next_key": next_key,
    "wrap": wrap,
    "bundle": bundle,
    "bundle_of_dictionary_1": bundle_of_dictionary_1,
    "identifiers": identifiers,
    "padme": padme,
    "columns": columns,
    "columns_of_format_2": columns_of_format_2,
    "statements": statements,
    "sealed_value": sealed_value,
    "recovery": recovery,
    "fold": fold_cases,
    **WIRE_MAKERS,
}


def kept(name: str) -> dict:
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, make in MAKERS.items():
        path = FOLDER / f"{name}.json"
        if name in KEPT and path.exists():
            continue
        path.write_text(json.dumps(make(), ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
