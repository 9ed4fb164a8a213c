import subprocess
import sys
from pathlib import Path

from tests.opened import open_scene
from tests.scenes import SCENES
from tuiflow.tui.config import Config, config_file, read_config
from tuiflow.tui.outside import Wanted


def written(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text)
    return file


def test_it_is_looked_for_where_the_system_keeps_such_files():
    assert config_file({"HOME": "/home/kim"}) == Path("/home/kim/.config/tuiflow/config.toml")
    assert config_file({"XDG_CONFIG_HOME": "/etc/x"}) == Path("/etc/x/tuiflow/config.toml")


def test_no_file_is_no_wish(tmp_path: Path):
    assert read_config(tmp_path / "config.toml") == Config()


def test_theme_and_keys_are_read(tmp_path: Path):
    file = written(tmp_path, 'theme = "ansi-light"\n[keys]\n"runs.start" = "S"\n')

    assert read_config(file) == Config(theme="ansi-light", keys={"runs.start": "S"})


def test_what_cannot_be_used_is_said_and_the_rest_holds(tmp_path: Path):
    file = written(tmp_path, 'colour = 1\ntheme = "ansi-light"\n[keys]\n"runs.start" = 3\n')

    config = read_config(file)

    assert config.theme == "ansi-light"
    assert "there is no 'colour'" in config.problems[0]
    assert "[keys] gives each binding's id a key" in config.problems[1]
    assert "config.toml" in read_config(written(tmp_path, "theme = ")).problems[0]


def test_what_the_terminal_is_told_can_be_switched_off(tmp_path: Path):
    file = written(tmp_path, "bell = false\ntitle = 3\n")

    config = read_config(file)

    assert config.wanted == Wanted(bell=False)
    assert "title is true or false" in config.problems[0]


async def test_a_key_moves_with_its_footer_and_its_help():
    async with open_scene(SCENES["idle"], (120, 40)) as opened:
        opened.app.configure(Config(keys={"runs.start": "S"}))
        await opened.settle()
        assert "S Start" in opened.text
        await opened.press("s")
        assert "Start a run" not in opened.text
        await opened.press("S")

        await opened.wait_for("Start a run")


async def test_a_question_and_the_form_name_the_keys_where_they_are_now():
    keys = {"ask.yes": "j", "start.copy": "f7", "start.edit": "f8", "start.add": "f9"}
    async with open_scene(SCENES["failed"], (120, 40)) as opened:
        opened.app.configure(Config(keys=keys))
        await opened.say("delete 7f0c")
        assert "j delete it    n / esc leave it" in await opened.wait_for("Delete this run?")
        await opened.press("escape", "j", "s", "tab")
        text = await opened.wait_for("Copy as CLI  f7")

        assert "f8 in $EDITOR" in text
        assert "one more text   f9 · ctrl+t takes one out" in text


async def test_keys_are_read_as_a_person_writes_them_and_a_key_twice_is_said():
    keys = {"page.help": "?, F2", "runs.start": "x", "runs.mark": "Ctrl+S", "runs.kill": "spaec"}
    async with open_scene(SCENES["idle"], (120, 40)) as opened:
        opened.app.configure(Config(keys=keys))
        said = {notice.text for notice in opened.app.notices}
        await opened.press("f2")
        await opened.wait_for("keys that work here")

    assert "config.toml: no key 'spaec', for runs.kill; did you mean space?" in said
    assert "config.toml: 'x' is for runs.cancel and runs.start" in said
    assert len(said) == 2


async def test_a_theme_or_a_key_that_is_unknown_is_said():
    async with open_scene(SCENES["idle"], (120, 40)) as opened:
        opened.app.configure(Config(theme="pink", keys={"runs.strat": "S"}))
        said = [notice.text for notice in opened.app.notices]

    assert any("there is no theme 'pink'" in text for text in said)
    assert any("no binding 'runs.strat'; did you mean runs.start?" in text for text in said)


def test_the_keys_of_the_form_are_known_before_it_was_opened():
    script = (
        "import tuiflow.tui.screens.home.runs\n"
        "from tuiflow.tui.screens.help import known_keys\n"
        "print(*known_keys())"
    )

    known = subprocess.check_output([sys.executable, "-c", script], text=True).split()

    assert {"start.copy", "start.add", "start.toggle", "start.next_source"} <= {*known}
