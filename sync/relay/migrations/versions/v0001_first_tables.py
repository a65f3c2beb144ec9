"""The tables of version 0.1.0."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and say their format."""
    meta = op.create_table(
        "meta",
        sa.Column("key", sa.String(40), primary_key=True),
        sa.Column("value", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "statements",
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("name", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    _bundles_and_their_parts()
    op.create_table(
        "nonces",
        sa.Column("machine", sa.LargeBinary(16), primary_key=True),
        sa.Column("nonce", sa.String(32), primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("nonces_by_age", "nonces", ["at"])
    op.bulk_insert(meta, [{"key": "format", "value": b"1"}])


def _bundles_and_their_parts() -> None:
    op.create_table(
        "bundles",
        sa.Column("name", sa.LargeBinary(32), primary_key=True),
        sa.Column("space", sa.LargeBinary(16), nullable=False),
        sa.Column("incarnation", sa.LargeBinary(8), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("receipt", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("space", "incarnation", "sequence", name="one_bundle_a_sequence"),
    )
    op.create_table(
        "parts",
        sa.Column("name", sa.LargeBinary(32), primary_key=True),
        sa.Column("offset", sa.Integer, primary_key=True),
        sa.Column("bytes", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
