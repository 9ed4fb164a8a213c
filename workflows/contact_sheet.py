"""Puts thumbnails of the pictures in a folder on one sheet; without a folder it draws some first.

Try: start it; then with pictures of your own: `tuiflow run contact_sheet ~/Pictures`.
"""

from functools import partial
from io import BytesIO
from pathlib import Path

from tuiflow import Image, Parallel, RunContext, Step, StepInput, StepOutput, Workflow

try:
    from PIL import Image as Pillow
    from PIL import ImageOps
except ImportError:
    Pillow = None

OUTPUT, SIDE, BRANCHES = Path(__file__).parent / "output", 160, 3


def draw_pictures(folder: Path) -> None:
    folder.mkdir(parents=True)
    for number in range(6):  # the Mandelbrot set, each time nearer to its edge
        box = (-0.75 - 1.5 / 2**number, -1 / 2**number, -0.75 + 1.5 / 2**number, 1 / 2**number)
        picture = Pillow.effect_mandelbrot((480, 320), box, 100)
        ImageOps.colorize(picture, "navy", "white", "orange").save(folder / f"edge_{number}.png")


def find_pictures(step_input: StepInput) -> list[Path]:
    if Pillow is None:
        raise RuntimeError("contact_sheet needs Pillow: python -m pip install 'tuiflow[images]'")
    folder = Path(step_input.input or OUTPUT / "pictures").expanduser()
    if not step_input.input and not folder.exists():
        draw_pictures(folder)
    found = [file for file in folder.iterdir() if file.suffix.lower() in {".png", ".jpg", ".jpeg"}]
    return sorted(found)[:60]


def shrink(step_input: StepInput, run_context: RunContext, part: int) -> StepOutput:
    made: list[Image] = []
    for file in run_context.track(step_input.previous_step_content[part::BRANCHES]):
        with Pillow.open(file) as picture, BytesIO() as png:
            ImageOps.pad(picture.convert("RGB"), (SIDE, SIDE), color="white").save(png, "PNG")
            made.append(Image(content=png.getvalue(), name=file.name, mime_type="image/png"))
    return StepOutput(content=[image.name for image in made], images=made)


def make_sheet(step_input: StepInput) -> StepOutput:
    thumbnails = sorted(step_input.get_step_output("shrink").images or [], key=lambda i: i.name)
    sheet = Pillow.new("RGB", (4 * SIDE, (len(thumbnails) + 3) // 4 * SIDE or SIDE), "white")
    for at, image in enumerate(thumbnails):
        sheet.paste(Pillow.open(BytesIO(image.content)), (at % 4 * SIDE, at // 4 * SIDE))
    OUTPUT.mkdir(exist_ok=True)
    sheet.save(file := OUTPUT / "contact_sheet.png")
    return StepOutput(content=f"{len(thumbnails)} pictures", images=[Image(filepath=file)])


branches = [Step(name=f"part_{n}", executor=partial(shrink, part=n)) for n in range(BRANCHES)]
steps = [find_pictures, Parallel(*branches, name="shrink"), make_sheet]
workflow = Workflow(name="contact_sheet", description="Pictures on one sheet", steps=steps)
