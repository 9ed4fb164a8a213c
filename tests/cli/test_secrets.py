from pathlib import Path

import pytest

from tests.cli.conftest import Project

KEY = "sk-ant-api03-" + "a1" * 20
WORKFLOW = """
import logging
import os

from pydantic import BaseModel, SecretStr
from tuiflow import StepInput, Workflow


class Login(BaseModel):
    password: SecretStr


def speak(step_input: StepInput):
    print("printed", os.environ["BANK_PASSWORD"])
    logging.getLogger().warning("logged %s", os.environ["BANK_PASSWORD"])
    return Login(password=os.environ["BANK_PASSWORD"])


def use(step_input: StepInput):
    assert step_input.previous_step_content.password.get_secret_value().startswith("corr")
    raise ValueError(f"{os.environ['BANK_PASSWORD']} was refused with {KEY}, order-77")


KEY = "sk-ant-api03-" + "a1" * 20
workflow = Workflow(name="bank", steps=[speak, use])
"""


@pytest.fixture
def bank(own_project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("BANK_PASSWORD", "correct horse")
    (own_project.folder / "workflows" / "bank.py").write_text(WORKFLOW)
    (own_project.folder / "pyproject.toml").write_text(
        "[tool.tuiflow]\nredact = ['order-[0-9]+']\n"
    )
    return own_project


def kept_of(project: Project) -> bytes:
    folder = Path(project.folder / ".tuiflow")
    return b"".join(file.read_bytes() for file in folder.glob("tuiflow.db*"))


def test_secrets_are_masked_before_they_are_stored_and_steps_receive_them(bank: Project):
    ended = bank.tuiflow("run", "bank")

    told = ended.stdout + ended.stderr + bank.tuiflow("events", "last", "--json").stdout
    assert ended.returncode == 1
    assert "printed [redacted]" in told
    assert "logged [redacted]" in told
    assert "[redacted] was refused with [redacted], [redacted]" in told
    assert "order-77" not in told
    for secret in ("correct horse", KEY):
        assert secret not in told
        assert secret.encode() not in kept_of(bank)


def test_masking_can_be_switched_off(bank: Project):
    (bank.folder / "pyproject.toml").write_text("[tool.tuiflow]\nredact = false\n")

    assert "correct horse was refused" in bank.tuiflow("run", "bank").stdout


def test_a_pattern_that_is_none_is_named_with_its_setting(bank: Project):
    for pattern, problem in (("(", "is no pattern"), ("a*", "matches the empty text")):
        (bank.folder / "pyproject.toml").write_text(f"[tool.tuiflow]\nredact = ['{pattern}']\n")

        ended = bank.tuiflow("runs")

        assert ended.returncode == 2
        assert problem in ended.stderr
        assert ended.stderr.count("\n") == 1
