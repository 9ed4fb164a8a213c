import importlib.util
import sys
from pathlib import Path

import pytest

from tuiflow.worker.describing import describe_import_error


def failure_of(tmp_path: Path, text: str):
    file = tmp_path / "flow.py"
    file.write_text(text)
    spec = importlib.util.spec_from_file_location("flow", file)
    assert spec is not None
    assert spec.loader is not None
    with pytest.raises(BaseException) as raised:  # noqa: PT011 - whatever an import raises
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
    return describe_import_error(raised.value), str(file)


def test_only_the_authors_frames_are_told(tmp_path: Path):
    failure, file = failure_of(tmp_path, "import importlib\nimportlib.import_module(3)\n")

    assert file in {frame.file for frame in failure.frames}
    assert not any("importlib" in frame.file for frame in failure.frames)


def test_a_syntax_error_has_a_frame_where_it_stands(tmp_path: Path):
    failure, file = failure_of(tmp_path, "x = 1\ndef weekly(:\n")

    assert (failure.type, failure.frames[-1].file) == ("SyntaxError", file)
    assert (failure.frames[-1].line, failure.frames[-1].source) == (2, "def weekly(:")


def test_a_missing_module_names_the_interpreter(tmp_path: Path):
    failure, _ = failure_of(tmp_path, "import no_such_thing\n")

    assert failure.message == f"No module named 'no_such_thing' in {sys.executable}"


def test_leaving_at_import_says_where_that_belongs(tmp_path: Path):
    failure, _ = failure_of(tmp_path, "import sys\nsys.exit(3)\n")

    assert "it calls sys.exit(3)" in failure.message
    assert "if __name__ == '__main__':" in failure.message


def test_a_cause_is_told_in_the_authors_frames_too(tmp_path: Path):
    lines = (
        "try:",
        "    import no_such_thing",
        "except ImportError as e:",
        "    raise KeyError from e",
    )
    text = "\n".join(lines)
    failure, file = failure_of(tmp_path, text)

    assert failure.cause is not None
    assert {frame.file for frame in failure.cause.frames} == {file}
