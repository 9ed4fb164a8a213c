from tests.opened import open_scene
from tests.scene_tapes import drawn_png
from tests.scenes import SCENES


async def test_an_image_is_drawn_and_other_media_are_a_line_with_type_and_size():
    async with open_scene(SCENES["pictures"], (120, 40)) as opened:
        await opened.press("j", "j", "2", "G")
        text = await opened.wait_for("▀▀▀▀▀▀")

        assert "image · image/png · " in text
        assert "audio · audio/mpeg · 1.8 MB · talk.mp3" in text
        await opened.press("5", "z")
        assert "# Code report" in await opened.wait_for("# Code report")


async def test_s_saves_what_is_shown_and_says_where():
    async with open_scene(SCENES["pictures"], (120, 40)) as opened:
        await opened.press("j", "j", "2", "G", "S")
        await opened.wait_for("saved 2 files in .tuiflow/media/7e77")

        folder = opened.service.database.parent / "media" / "7e77"
        assert (folder / "growth.png").read_bytes() == drawn_png()
        await opened.press("g", "j", "S")
        await opened.wait_for("no image, audio, video or file here")


async def test_a_picture_is_not_copied_as_text():
    async with open_scene(SCENES["pictures"], (120, 40)) as opened:
        await opened.press("j", "j", "2", "G")
        await opened.wait_for("▀▀▀▀▀▀")
        await opened.press("y")
        await opened.wait_for("copied")

        assert "▀" not in opened.app.clipboard
        assert "# Code report" in opened.app.clipboard
