"""Opens the service for one command: where sync meets async, and Ctrl+C a command, said once."""

from collections.abc import Awaitable, Callable
from signal import SIGINT, SIGTERM

import anyio

from tuiflow.cli.arguments import Arguments
from tuiflow.cli.exit_codes import ExitCode
from tuiflow.service import Service, open_service

Command = Callable[[Service, Arguments], Awaitable[int]]


class Interrupts:
    """What Ctrl+C does: it ends the command, unless that has something of its own to do then."""

    def __init__(self) -> None:
        self.do: Callable[[], Awaitable[None]] | None = None

    async def obey(self, scope: anyio.CancelScope) -> None:
        """Take every signal from now on."""
        with anyio.open_signal_receiver(SIGINT, SIGTERM) as signals:
            async for _ in signals:
                if self.do is not None:
                    await self.do()
                else:
                    # A scope's cancellation is delivered until it is heard; a task's can be lost.
                    scope.cancel()


def serve(command: Command, arguments: Arguments, interrupts: Interrupts | None = None) -> int:
    """Run one command over an open service and give its exit code; 130 after a Ctrl+C."""

    async def opened() -> int:
        async with open_service(
            target=arguments.target, db=arguments.db, python=arguments.python, watch=False
        ) as service:
            return await command(service, arguments)

    async def interruptible() -> int:
        code: int = ExitCode.CANCELLED
        async with anyio.create_task_group() as group:
            group.start_soon((interrupts or Interrupts()).obey, group.cancel_scope)
            # The signals are taken before there is anything to interrupt.
            await anyio.lowlevel.checkpoint()
            code = await opened()
            group.cancel_scope.cancel()
        return code

    return anyio.run(interruptible)
