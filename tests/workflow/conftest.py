"""What the tests of runs share."""

import pytest

from tests.workflow.ledger import Ledger


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()
