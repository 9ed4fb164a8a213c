"""What `print_response` says of images, audio, video and files."""

import io

from rich.console import Console

from tuiflow import File, Image, StepInput, StepOutput, Workflow


def draw(step_input: StepInput) -> StepOutput:
    return StepOutput(content="drawn", images=[Image(content=b"png", name="cat.png")])


def test_media_are_listed():
    told = io.StringIO()
    given = File(url="https://p.example/a.pdf")

    Workflow(name="w", steps=[draw], db=False).print_response(
        files=[given], console=Console(file=told, width=60)
    )

    assert "cat.png" in told.getvalue()
    assert "a.pdf" in told.getvalue()
