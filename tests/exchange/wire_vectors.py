"""The vectors of the wire: greeting, signed request, frames, what lacks, carried files, QR form."""

import hashlib
from dataclasses import dataclass, field

from requests.structures import CaseInsensitiveDict

from sync.ceremony_files import (
    CertificateFile,
    InvitationFile,
    JoinRequestFile,
    relay_request,
    structure_request,
)
from sync.ceremony_files import Region as RegionFile
from sync.frames import encode_frame, encode_statement_frames
from sync.http_signatures import COMPONENTS, RequestSigner
from sync.information_packs import DIRECTORY, make_pack
from sync.lacking import LACKING_NAME, LackingRange, encode_lacking
from sync.pack_marks import PACKS, held_line, kept_line
from sync.relay.greeting import HEADER, Greeter
from sync.signed_packs import signed_mark
from sync.statement_files import HeadsFile, StatementsFile
from sync.statements import fingerprint, read_statement
from sync.wire import space_name
from tests.exchange.parties import NOW_S, Machine, Region, Structure, octets
from ui.qr_codes import signs_of

REGION, NORTH, SOUTH = Region(), Structure("nord"), Structure("sud")
N1, N2 = Machine("nord/1"), Machine("nord/2")
PAIR = space_name(2, [NORTH.id, SOUTH.id])
TOKEN = octets("token", 16)
URL = "https://relais.exemple.fr"


@dataclass
class Asked:
    """A request about to leave."""

    method: str
    url: str
    headers: CaseInsensitiveDict = field(default_factory=CaseInsensitiveDict)


def greeting() -> dict:
    """The relay's answer to `hello` and the header that any other answer bears."""
    nonce = octets("greeting/nonce", 16)
    greeter = Greeter(REGION.relay, REGION.key.public, lambda: NOW_S)
    told = {"version": 1, "relay_key": REGION.relay.public.hex(), "nonce": nonce.hex()}
    return {
        "relay_seed": REGION.relay.to_bytes().hex(),
        "relay_key": REGION.relay.public.hex(),
        "nonce": nonce.hex(),
        "time": NOW_S,
        "hello": told | greeter.greeting(nonce.hex()),
        "header_name": HEADER,
        "header": greeter.header(nonce.hex()),
    }


def signed_request() -> dict:
    """A request with a body and one without, as a machine signs them (RFC 9421, RFC 9530)."""
    body = b'{"names": []}'
    given = (
        ("POST", "/v1/statements/fetch", body),
        ("GET", "/v1/statements", None),
        ("GET", "/v1/hello?nonce=00", None),
    )
    return {
        "sign_seed": N1.keys.sign.to_bytes().hex(),
        "sign": N1.keys.sign.public.hex(),
        "machine": N1.id.hex(),
        "requests": [
            _signed(*one, nonce=octets(f"request/{at}", 16)) for at, one in enumerate(given)
        ],
    }


def _signed(method: str, target: str, body: bytes | None, *, nonce: bytes) -> dict:
    asked = Asked(method, URL + target)
    signer = RequestSigner(machine=N1.id, key=N1.keys.sign.private_key)
    signer.sign(asked, created=NOW_S, nonce=nonce, body=body)
    headers = {name.lower(): value for name, value in asked.headers.items()}
    path, _, query = target.partition("?")
    values = (method, "relais.exemple.fr", path, f"?{query}")
    covered = dict(zip(COMPONENTS, values, strict=True))
    if body is not None:
        covered["content-digest"] = headers["content-digest"]
    lines = [f'"{name}": {value}' for name, value in covered.items()]
    parameters = headers["signature-input"].removeprefix("dp=")
    return {
        "method": method,
        "url": asked.url,
        "body": None if body is None else body.decode(),
        "created": NOW_S,
        "nonce": nonce.hex(),
        "headers": headers,
        "signature_base": "\n".join([*lines, f'"@signature-params": {parameters}']),
    }


def frames() -> dict:
    """Bundles and statements in one body; the second bundle goes on where a cut left it."""
    bundles = [octets("frames/first", 300), octets("frames/second", 500)]
    names = [hashlib.sha256(one).digest() for one in bundles]
    offsets = [0, 123]
    parts = zip(names, bundles, offsets, strict=True)
    statements = [NORTH.sign_machine(N1.keys), N1.live()]
    return {
        "bundles": [
            {"name": name.hex(), "bytes": data.hex(), "offset": offset}
            for name, data, offset in zip(names, bundles, offsets, strict=True)
        ],
        "bundle_frames": b"".join(encode_frame(*one) for one in parts).hex(),
        "statements": [one.hex() for one in statements],
        "statement_frames": encode_statement_frames(statements).hex(),
    }


def lacking_frame() -> dict:
    """The frame by which a restored relay says what it no longer keeps."""
    ranges = [
        LackingRange(space=NORTH.space, incarnation=N1.incarnation, first=1, last=1),
        LackingRange(space=PAIR, incarnation=N1.incarnation, first=4, last=2**48 - 1),
    ]
    content = encode_lacking(ranges)
    return {
        "ranges": [[one.space.hex(), one.incarnation.hex(), one.first, one.last] for one in ranges],
        "content": content.hex(),
        "frame": encode_frame(LACKING_NAME, content).hex(),
    }


def carried_files() -> dict:
    """One file of each kind, and the code by which people name what it asks for."""
    region = RegionFile(
        name="Région (exemple)",
        authority_key=REGION.key.public,
        relay_url=URL,
        relay_statement=REGION.relay_certificate(),
    )
    asking = structure_request(NORTH.root, name="Nord (exemple)", directory="exemple/1")
    certified = REGION.certify(NORTH, directory="exemple/1")
    joining = N2.ask_to_join(NORTH, TOKEN)
    head = (NORTH.space, N2.incarnation, 3, octets("last bundle"))
    files = {
        "region": region,
        "structure-request": asking,
        "relay-request": relay_request(REGION.relay),
        "structure-certificate": CertificateFile(
            region=region, statement=certified, certificate=read_statement(certified).body
        ),
        "invitation": InvitationFile(
            region=region,
            structure=NORTH.id,
            structure_statement=certified,
            token=TOKEN,
            until_s=NOW_S + 86_400,
        ),
        "join-request": JoinRequestFile(statement=joining, request=read_statement(joining).body),
        "statements": StatementsFile(about="revocation", statements=(NORTH.revoke(N2.id),)),
        "heads": HeadsFile(target=N2.id, heads=(head,)),
    }
    return {
        "files": {kind: file.to_json() for kind, file in files.items()},
        "codes": {
            "structure-request": asking.spoken,
            "relay-request": fingerprint(REGION.relay.public),
            "join-request": fingerprint(joining),
        },
    }


def pack() -> dict:
    """A directory that the Region signed, and the lines in which a relay and a desk tell of it."""
    content = '{"structures": [], "services": []}'
    signed = make_pack(content.encode(), kind=DIRECTORY, made_s=NOW_S, key=REGION.key)
    mark = signed_mark(signed, REGION.key.public)
    return {
        "authority_key": REGION.key.public.hex(),
        "kind": DIRECTORY,
        "made": NOW_S,
        "content": content,
        "pack": signed.hex(),
        "name": mark.name.hex(),
        "header_name": PACKS,
        "held_lines": {held_line({DIRECTORY: held}): held for held in (0, NOW_S - 60)},
        "kept_line": kept_line([mark]),
    }


def qr_form() -> dict:
    """The signs of a QR code; another zlib may write others, that are read alike."""
    text = HeadsFile(target=N2.id, heads=()).to_json()
    return {"file": text, "signs": signs_of(text)}


WIRE_MAKERS = {
    "greeting": greeting,
    "signed_request": signed_request,
    "frames": frames,
    "lacking_frame": lacking_frame,
    "carried_files": carried_files,
    "qr_form": qr_form,
    "pack": pack,
}
