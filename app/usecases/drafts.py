"""The draft of a reception: kept encrypted at each pause in typing, there again after any crash."""

import json
from collections.abc import Mapping
from typing import Any

from app.changes import Changes, Topic
from app.store.writer import Tx
from app.usecases.desk import Desk
from app.usecases.masking import masked_body

RECEPTION_DRAFT = "reception"


def keep_draft(desk: Desk, body: Mapping[str, Any], *, draft: str = RECEPTION_DRAFT) -> Changes:
    """Keep what is on the page, durably; each call replaces the one before.

    `body` is the page's own JSON shape: what a half-typed page holds need not be a valid reception.
    Numbers that may not be kept are masked in its texts.
    """
    # Escaped: half a pasted sign must not lose the page.
    packed = json.dumps(masked_body(body)).encode()
    at_s = int(desk.now().timestamp())

    def work(tx: Tx) -> None:
        tx.execute(
            "INSERT OR REPLACE INTO drafts (draft, body, updated_at_s) VALUES (?, ?, ?)",
            (draft, packed, at_s),
        )

    desk.workspace.writer.write(work)
    return Changes(topics=frozenset({Topic.DRAFTS}))


def kept_draft(desk: Desk, *, draft: str = RECEPTION_DRAFT) -> Mapping[str, Any] | None:
    """Return the draft kept, None when there is none."""
    with desk.workspace.read() as connection:
        row = connection.execute("SELECT body FROM drafts WHERE draft = ?", (draft,)).fetchone()
    return dict(json.loads(row[0])) if row else None


def discard_draft(desk: Desk, *, draft: str = RECEPTION_DRAFT) -> Changes:
    """Forget the draft: the reception was saved, or given up on purpose."""
    desk.workspace.writer.write(
        lambda tx: tx.execute("DELETE FROM drafts WHERE draft = ?", (draft,))
    )
    return Changes(topics=frozenset({Topic.DRAFTS}))
