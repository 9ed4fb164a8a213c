# The first target that needs it makes .venv; everything else stands on it.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test torture coverage check bench screenshots recording format

run: .venv/ready
	$(BIN)/tuiflow workflows

test: check
	$(BIN)/pytest -n 2

torture: .venv/ready
	$(BIN)/python -m tests.torture --kills 1000
	STOPPED_SECONDS=30 $(BIN)/pytest -q tests/end_to_end/test_screen.py -k stopped

# Apart from `test`: counting lines in the screens and in every worker process takes twice the CPU
# (22 s instead of 11 for the tests of screens and probing).
coverage: .venv/ready
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 2
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

check: .venv/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/pyright

bench: .venv/ready
	$(BIN)/python -m tests.benchmarks

screenshots: .venv/ready
	$(BIN)/python -m tests.screenshots

recording: .venv/ready
	$(BIN)/python -m tests.recording

format: .venv/ready
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable . --group dev
	@touch $@
