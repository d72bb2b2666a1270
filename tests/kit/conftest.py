"""Fixtures of the kit's tests: one warm sandbox for each test process."""

import pytest

from grader import catalog as catalogs
from grader.checking.session import Engine


@pytest.fixture(scope="session")
def engine():
    """An engine whose template stays warm for the whole test process."""
    with Engine() as warm:
        yield warm


@pytest.fixture(scope="session")
def catalog():
    """The kit's own syllabus."""
    return catalogs.load()
