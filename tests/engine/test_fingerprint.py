import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tuiflow.engine.fingerprint import fingerprint, has_changed

BEFORE = '''
from helpers import trim

RATE = 3
LIMITS = {"eu": [1, 2]}
SEEN = {"b", "a", "c"}


class Order:
    number: int
    state = "new"

    def cost(self):
        return RATE


def double(value):
    return value * 2


def step(step_input):
    """Doubles."""
    order = Order()
    return trim(double(order.cost()) + sum(map(lambda x: x + 1, LIMITS["eu"]))), SEEN
'''


def code_of(source: str, name: str = "step") -> str:
    space: dict[str, Any] = {"__name__": "flow", "trim": print}
    exec(source.replace("from helpers import trim", ""), space)
    return fingerprint(space[name])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("return value * 2", "return value * 3"),
        ("RATE = 3", "RATE = 4"),
        ('"eu": [1, 2]', '"eu": [1, 3]'),
        ('state = "new"', 'state = "old"'),
        ("number: int", "number: str"),
        ("        return RATE", "        return RATE + 1"),
        ("lambda x: x + 1", "lambda x: x + 2"),
        ('"c"}', '"d"}'),
        ("def step(step_input):", "def step(step_input, run_context=None):"),
    ],
)
def test_what_a_function_says_and_what_it_uses_of_its_module_changes_it(old: str, new: str):
    assert old in BEFORE

    assert has_changed(code_of(BEFORE), code_of(BEFORE.replace(old, new)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("RATE = 3", "# the rate of today\n\nRATE = 3"),
        ("return value * 2", "return (value\n        * 2)"),
        ("def step", "def another(x):\n    return RATE + 9\n\n\ndef step"),
    ],
)
def test_comments_layout_and_what_it_does_not_use_change_nothing(old: str, new: str):
    assert not has_changed(code_of(BEFORE), code_of(BEFORE.replace(old, new)))


def test_it_is_the_same_in_every_process_whatever_its_hashes_begin_with(tmp_path: Path):
    (tmp_path / "helpers.py").write_text("def trim(value):\n    return value\n")
    (tmp_path / "flow.py").write_text(BEFORE)
    script = (
        "import flow; from tuiflow.engine.fingerprint import fingerprint as f; print(f(flow.step))"
    )

    said = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=tmp_path,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": f"{tmp_path}:{Path.cwd()}"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }

    assert len(said) == 1


def test_partials_closures_methods_and_instances_have_one_too():
    def made(by: int) -> Any:
        def add(given: int) -> int:
            return given + by

        return add

    class Called:
        def __call__(self, given: int) -> int:
            return given

    assert has_changed(fingerprint(made(1)), fingerprint(made(2)))
    assert has_changed(fingerprint(partial(made, 1)), fingerprint(partial(made, 2)))
    assert fingerprint(partial(made, 1)) == fingerprint(partial(made, 1))
    assert fingerprint(Called()) == fingerprint(Called())
    assert fingerprint(Called().__call__) == fingerprint(Called())


def test_what_is_no_python_code_or_answers_with_errors_has_none_and_never_counts_as_changed():
    class Rude:
        @property
        def __class__(self) -> Any:  # type: ignore[override]
            raise RuntimeError("not here")

    assert fingerprint(print) == ""
    assert fingerprint(Rude()) == ""
    assert not has_changed("", fingerprint(code_of))
    assert not has_changed("3.1:abc", fingerprint(code_of))


def test_values_that_hold_themselves_end():
    round_and_round: list[Any] = [1]
    round_and_round.append(round_and_round)

    assert fingerprint(lambda: round_and_round)
