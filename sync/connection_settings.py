"""How this office reaches its relay: a private authority for TLS, a proxy. Kept in the workspace.

In the encrypted file rather than beside it: whoever could change the trusted certificate would sit
between the desk and its relay. TLS is always checked; a private authority takes the place of the
public ones, it is never added to them.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.x509 import load_pem_x509_certificates

from app.ports import SyncPort
from sync.errors import CertificateFileError, ProxyAddressError

_CA, _PROXY = "relay_ca", "relay_proxy"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionSettings:
    """Certificates to trust instead of the public ones (PEM), URL of a proxy; "" for none."""

    ca_pem: str = ""
    proxy: str = ""

    @property
    def ca_names(self) -> tuple[str, ...]:
        """Who signed the trusted certificates, as they call themselves."""
        if not self.ca_pem:
            return ()
        found = load_pem_x509_certificates(self.ca_pem.encode())
        return tuple(one.subject.rfc4514_string() for one in found)

    @property
    def proxy_shown(self) -> str:
        """The proxy without the password that its URL may hold."""
        if "@" not in self.proxy:
            return self.proxy
        scheme, _, rest = self.proxy.partition("://")
        return f"{scheme}://{rest.rpartition('@')[2]}"


def connection_settings(port: SyncPort) -> ConnectionSettings:
    """Return how the relay is reached from here."""
    return ConnectionSettings(ca_pem=port.memo(_CA), proxy=port.memo(_PROXY))


def settings_by_hand(*, ca: bytes, proxy: str) -> ConnectionSettings:
    """Return settings that somebody gives before there is a workspace to keep them; empty: none.

    Raises:
        CertificateFileError: there is no certificate in `ca`, or one that cannot be read.
        ProxyAddressError: `proxy` is not `http://HOST:PORT` or `https://HOST:PORT`.
    """
    if proxy:
        _check_proxy(proxy)
    return ConnectionSettings(ca_pem=_text_of(ca), proxy=proxy)


def keep_settings(port: SyncPort, settings: ConnectionSettings) -> None:
    """Reach the relay so from now on."""
    port.keep_memo(_CA, settings.ca_pem)
    port.keep_memo(_PROXY, settings.proxy)


def keep_ca(port: SyncPort, pem: bytes) -> None:
    """Trust these certificates alone for the relay's address; none of them: the public ones again.

    Raises:
        CertificateFileError: there is no certificate in it, or one that cannot be read.
    """
    port.keep_memo(_CA, _text_of(pem))


def keep_proxy(port: SyncPort, url: str) -> None:
    """Go through this proxy; "": straight.

    Raises:
        ProxyAddressError: it is not `http://HOST:PORT` or `https://HOST:PORT`.
    """
    if url:
        _check_proxy(url)
    port.keep_memo(_PROXY, url)


def _text_of(pem: bytes) -> str:
    try:
        text = pem.decode("ascii")
        if text:
            load_pem_x509_certificates(pem)
    except ValueError as error:
        raise CertificateFileError from error
    return text


def _check_proxy(url: str) -> None:
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port
    except ValueError as error:
        raise ProxyAddressError(url) from error
    if not is_whole or parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ProxyAddressError(url)
