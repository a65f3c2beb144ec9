"""Packs that the Region signed are kept: the last one of each kind, in parts."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both tables."""
    op.create_table(
        "packs",
        sa.Column("kind", sa.String(40), primary_key=True),
        sa.Column("name", sa.LargeBinary(32), nullable=False),
        sa.Column("made", sa.BigInteger, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "pack_parts",
        sa.Column("name", sa.LargeBinary(32), primary_key=True),
        sa.Column("offset", sa.Integer, primary_key=True),
        sa.Column("bytes", sa.LargeBinary, nullable=False),
    )
