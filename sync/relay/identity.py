"""Who the relay is and whom it serves: its own key and its Region's authority, in its database."""

from sqlalchemy import Connection, delete, insert, select

from sync.keys import RelayKey
from sync.relay.tables import meta

_KEY = "relay_key"
_AUTHORITY = "authority_key"


class OtherAuthorityError(Exception):
    """The relay serves another authority already: its statements and machines are that one's."""


def own_key(connection: Connection) -> RelayKey:
    """Return the relay's key, made the first time."""
    seed = own_seed(connection)
    if seed is not None:
        return RelayKey(seed)
    key = RelayKey.generate()
    _set(connection, _KEY, key.to_bytes())
    return key


def own_seed(connection: Connection) -> bytes | None:
    """Return what the relay's key is made of, if it has one; nothing is made."""
    return _value(connection, _KEY)


def served_authority(connection: Connection) -> bytes | None:
    """Return the public key of the authority that the relay serves, once it was told."""
    return _value(connection, _AUTHORITY)


def serve_authority(connection: Connection, authority_key: bytes) -> None:
    """Tell the relay whose machines it serves, once for all.

    Raises:
        OtherAuthorityError: it serves another one.
    """
    known = _value(connection, _AUTHORITY)
    if known is None:
        _set(connection, _AUTHORITY, authority_key)
    elif known != authority_key:
        raise OtherAuthorityError


def _value(connection: Connection, key: str) -> bytes | None:
    value = connection.scalar(select(meta.c.value).where(meta.c.key == key))
    return None if value is None else bytes(value)


def _set(connection: Connection, key: str, value: bytes) -> None:
    connection.execute(delete(meta).where(meta.c.key == key))
    connection.execute(insert(meta).values(key=key, value=value))
