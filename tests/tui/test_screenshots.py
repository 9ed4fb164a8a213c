from difflib import unified_diff

import pytest

from tests.screenshots import FOLDER, SHOTS, draw, words


@pytest.mark.parametrize("name", SHOTS)
async def test_the_screen_looks_as_it_does_in_its_picture(name: str):
    kept = (FOLDER / f"{name}.svg").read_text()

    drawn = await draw(SHOTS[name], like=kept)

    changes = "\n".join(unified_diff(words(kept), words(drawn), lineterm="", n=0))
    assert drawn == kept or pytest.fail(
        f"{changes or 'other colours or places'}\n`make screenshots` draws it anew", pytrace=False
    )


def test_every_picture_has_its_scene():
    assert {path.stem for path in FOLDER.glob("*.svg")} == set(SHOTS)
