"""All that the relay holds: nothing else about anybody is ever written.

Bundles are sealed; statements are signed and public among the machines that may know them; nonces
are random. Who belongs to which space is derived from the statements, and held in memory.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

REVISION = "0004"
"""The step that leads to these tables (`migrations/versions`); a change here brings the next."""

FORMAT = 2
"""What the relays that knew no steps compare: version 0.1.0 wrote 1 and refuses more."""

tables = MetaData()

meta = Table(
    "meta",
    tables,
    Column("key", String(40), primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
"""The relay's private key, the authority it serves, the format before there were steps."""

statements = Table(
    "statements",
    tables,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("name", LargeBinary(32), nullable=False, unique=True),
    Column("kind", String(40), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
)
"""Statements in their order of arrival, with their exact bytes."""

bundles = Table(
    "bundles",
    tables,
    Column("name", LargeBinary(32), primary_key=True),
    Column("space", LargeBinary(16), nullable=False),
    Column("incarnation", LargeBinary(8), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("size", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("receipt", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
    UniqueConstraint("space", "incarnation", "sequence", name="one_bundle_a_sequence"),
)
"""Whole, checked bundles, each with the receipt that was given for it."""

parts = Table(
    "parts",
    tables,
    Column("name", LargeBinary(32), primary_key=True),
    Column("offset", Integer, primary_key=True),
    Column("bytes", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("machine", LargeBinary(16)),
    Index("parts_by_machine", "machine"),
)
"""What has arrived of bundles that are not whole yet, without holes, at most 4 kB a row.

`machine` brought the row: what each has begun is bounded.
"""

pieces = Table(
    "pieces",
    tables,
    Column("name", LargeBinary(32), primary_key=True),
    Column("space", LargeBinary(16), nullable=False),
    Column("machine", LargeBinary(16), nullable=False),
    Column("size", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("pieces_by_space", "space"),
    Index("pieces_by_machine", "machine", "size"),
)
"""Whole pieces of checkpoints; `machine` made the checkpoint that names them."""

packs = Table(
    "packs",
    tables,
    Column("kind", String(40), primary_key=True),
    Column("name", LargeBinary(32), nullable=False),
    Column("made", BigInteger, nullable=False),
    Column("size", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
)
"""Of each kind, the pack that the Region made last; public data that it signed."""

pack_parts = Table(
    "pack_parts",
    tables,
    Column("name", LargeBinary(32), primary_key=True),
    Column("offset", Integer, primary_key=True),
    Column("bytes", LargeBinary, nullable=False),
)
"""The bytes of those packs, in rows of which each may be read alone."""

contacts = Table(
    "contacts",
    tables,
    Column("machine", LargeBinary(16), primary_key=True),
    Column("day", Integer, nullable=False),
)
"""On which day, since 1970, each machine last signed a request: nobody heard of late is dormant."""

nonces = Table(
    "nonces",
    tables,
    Column("machine", LargeBinary(16), primary_key=True),
    Column("nonce", String(32), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Index("nonces_by_age", "at"),
)
"""Nonces of signed requests, kept as long as a copy of the request could pass for fresh."""
