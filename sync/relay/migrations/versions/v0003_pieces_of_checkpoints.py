"""Pieces of checkpoints are kept, and the day on which each machine was last heard."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_DAY_S = 86_400


def upgrade() -> None:
    """Add both tables; who was heard not long ago is known by its nonces."""
    op.create_table(
        "pieces",
        sa.Column("name", sa.LargeBinary(32), primary_key=True),
        sa.Column("space", sa.LargeBinary(16), nullable=False),
        sa.Column("machine", sa.LargeBinary(16), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("pieces_by_space", "pieces", ["space"])
    op.create_index("pieces_by_machine", "pieces", ["machine", "size"])
    op.create_table(
        "contacts",
        sa.Column("machine", sa.LargeBinary(16), primary_key=True),
        sa.Column("day", sa.Integer, nullable=False),
    )
    contacts = sa.table("contacts", sa.column("machine"), sa.column("day"))
    nonces = sa.table("nonces", sa.column("machine"), sa.column("at", sa.BigInteger))
    heard = sa.select(nonces.c.machine, sa.func.max(nonces.c.at) // _DAY_S)
    op.execute(contacts.insert().from_select(["machine", "day"], heard.group_by(nonces.c.machine)))
