"""Who began an upload is noted, so that what each has begun can be bounded."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the machine to the beginnings of bundles; it is unknown of those that are here."""
    op.add_column("parts", sa.Column("machine", sa.LargeBinary(16)))
    op.create_index("parts_by_machine", "parts", ["machine"])
    # Version 0.1.0 knows no steps: this is what makes it refuse the database from now on.
    meta = sa.table("meta", sa.column("key", sa.String), sa.column("value", sa.LargeBinary))
    op.execute(meta.update().where(meta.c.key == "format").values(value=b"2"))
