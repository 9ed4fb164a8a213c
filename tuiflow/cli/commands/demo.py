"""`tuiflow demo`: the screen on a copy of the samples."""

from dataclasses import replace

from tuiflow.cli.arguments import Arguments
from tuiflow.cli.commands import screen
from tuiflow.service import unpack_demo


def execute(arguments: Arguments) -> int:
    """Copy the samples to a folder of the user's and open the screen there."""
    screen.check_terminal()
    return screen.execute(replace(arguments, target=unpack_demo()))
