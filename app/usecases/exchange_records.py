"""The records behind each count of the exchange: a figure opens exactly what it counts."""

from dataclasses import dataclass

from app.domain.events import ERASE
from app.store.stick_port import SEEN_ELSEWHERE
from app.usecases.desk import Desk

MOST = 500

_STATE: dict[str, str] = {
    "pending": "own = 1 AND coalesce(b.sent + b.on_stick + b.seen, 0) = 0 AND b.receipt IS NULL"
    " AND (e.bundle IS NOT NULL OR (confined = 0 AND body IS NOT NULL))",
    "on_stick": "own = 1 AND b.sent = 0 AND b.receipt IS NULL AND b.on_stick = 1 AND NOT b.seen",
    "received": "own = 1 AND b.sent = 0 AND b.receipt IS NULL AND b.seen",
    "sent": "own = 1 AND (b.sent = 1 AND b.receipt IS NULL OR b.lacking = 1)",
    "acknowledged": "own = 1 AND b.receipt IS NOT NULL AND b.lacking = 0",
    "pulled": "own = 0",
    "confined": f"own = 1 AND confined = 1 AND body IS NOT NULL AND kind <> '{ERASE}'",
}

_HOLDERS = (
    "(SELECT group_concat(t.name, char(31)) FROM peers_saw p"
    " JOIN structures t ON t.structure = p.structure"
    " WHERE p.space = b.space AND p.incarnation = b.incarnation AND p.sequence >= b.sequence"
    " AND lower(hex(p.structure)) <> (SELECT text FROM memos WHERE name = 'own_structure'))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRecord:
    """An event, or a bundle set aside: its kind (or the reason), when, by whom, with whom.

    `holders` are the structures that have shown that they hold it; only of what was written here.
    """

    kind: str
    at_s: int
    author: str
    partner: str
    holders: tuple[str, ...] = ()


def exchange_records(desk: Desk, state: str) -> list[ExchangeRecord]:
    """Return the records of a state, the latest first, at most five hundred of them.

    Args:
        desk: the desk.
        state: a field of `ExchangeStatus`, or `quarantine`.
    """
    with desk.workspace.read() as connection:
        if state == "quarantine":
            rows = connection.execute(
                "SELECT reason, 0, '', '', '' FROM quarantine ORDER BY rowid DESC LIMIT ?", (MOST,)
            ).fetchall()
        else:
            rows = connection.execute(
                "SELECT e.kind, e.at_s, e.author,"  # noqa: S608  (a condition of this module)
                " coalesce((SELECT s.from_name || char(31) || s.to_name FROM shared_referrals s"
                " WHERE s.shared = e.subject), ''),"
                f" coalesce({_HOLDERS}, '')"
                " FROM (SELECT rowid AS place, * FROM events) e"
                " LEFT JOIN (SELECT name, sent, lacking, on_stick, space, incarnation, sequence,"
                " coalesce(receipt, iif(covered = 1, x'01', NULL)) AS receipt,"
                f" {SEEN_ELSEWHERE} AS seen FROM bundles b WHERE own = 1) b"
                f" ON b.name = e.bundle WHERE {_STATE[state]} ORDER BY e.place DESC LIMIT ?",
                (MOST,),
            ).fetchall()
    own = desk.own_structure().name
    return [
        ExchangeRecord(
            kind=kind,
            at_s=at_s,
            author=author,
            partner=_other(names, own),
            holders=tuple(sorted(filter(None, holders.split("\x1f")))),
        )
        for kind, at_s, author, names, holders in rows
    ]


def _other(names: str, own: str) -> str:
    others = [name for name in names.split("\x1f") if name and name != own]
    return others[0] if others else ""
