"""Opens the service for one command: where sync meets async, said once."""

from collections.abc import Awaitable, Callable

import anyio

from tuiflow.cli.arguments import Arguments
from tuiflow.service import Service, open_service

Command = Callable[[Service, Arguments], Awaitable[int]]


def serve(command: Command, arguments: Arguments) -> int:
    """Run one command over an open service and give its exit code."""

    async def opened() -> int:
        async with open_service(
            target=arguments.target, db=arguments.db, python=arguments.python, watch=False
        ) as service:
            return await command(service, arguments)

    return anyio.run(opened)
