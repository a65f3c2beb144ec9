"""TLS before a relay, for measures: what a reverse proxy does, without gathering anything.

Run as `tls_front.py HOST PORT CERTIFICATE KEY UPSTREAM_PORT`; prints a line once it listens.
"""

import asyncio
import ssl
import sys

READ_BYTES = 4_096
"""Small TLS records, as servers are set for slow links: one is read only when it is whole."""


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what comes as it comes, until either side ends."""
    try:
        while data := await reader.read(READ_BYTES):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


async def serve(host: str, port: int, context: ssl.SSLContext, upstream: int) -> None:
    """Serve for ever."""

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        relay_reader, relay_writer = await asyncio.open_connection("127.0.0.1", upstream)
        writer.transport.set_write_buffer_limits(high=READ_BYTES)
        await asyncio.gather(copy(reader, relay_writer), copy(relay_reader, writer))

    server = await asyncio.start_server(one, host, port, ssl=context)
    print("listening", flush=True)
    async with server:
        await server.serve_forever()


def main() -> None:
    """Read the arguments and serve."""
    host, port, certificate, key, upstream = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    asyncio.run(serve(host, int(port), context, int(upstream)))


if __name__ == "__main__":
    main()
