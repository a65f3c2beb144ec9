"""`deux-portes-relay`: give the relay its Region, start it, look after what it holds."""

import os

import click

from sync.french_usage import FrenchGroup
from sync.relay.commands.backup import backup, restore
from sync.relay.commands.init import init
from sync.relay.commands.prune import prune
from sync.relay.commands.serve import serve
from sync.relay.commands.status import status
from sync.relay.commands.take import take
from sync.relay.commands.verify import verify

_PRIVATE = 0o077


@click.group(
    cls=FrenchGroup,
    help="Le relais régional : il garde des paquets scellés qu’il ne peut pas lire.",
)
def main() -> None:
    """Group the commands of the relay."""
    # The database holds the relay's private key.
    os.umask(_PRIVATE)


for command in (init, serve, take, status, prune, backup, restore, verify):
    main.add_command(command)


if __name__ == "__main__":
    main()
