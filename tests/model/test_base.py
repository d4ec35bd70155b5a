"""Column types for times and small sets of words."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.dialects import postgresql, sqlite

from bot.model.base import UtcDateTime, WordSet

SQLITE, POSTGRES = sqlite.dialect(), postgresql.dialect()
THEN = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("dialect", [SQLITE, POSTGRES])
def test_a_time_comes_back_as_it_went_in_but_in_utc(dialect):
    """Whatever zone it was given in."""
    column = UtcDateTime()
    given = THEN.astimezone(timezone(timedelta(hours=-5)))
    stored = column.process_bind_param(given, dialect)

    assert THEN == column.process_result_value(stored, dialect)
    assert UTC == column.process_result_value(stored, dialect).tzinfo
    assert column.process_result_value(None, dialect) is None
    assert column.process_bind_param(None, dialect) is None


def test_a_naive_time_is_refused():
    """No local time is ever stored."""
    with pytest.raises(ValueError, match="without a zone"):
        UtcDateTime().process_bind_param(datetime(2026, 12, 1), SQLITE)


def test_a_set_of_words_is_stored_sorted():
    """So that equal sets are equal in the database."""
    column = WordSet()

    assert "approval,missed" == column.process_bind_param(frozenset({"missed", "approval"}), SQLITE)
    assert "" == column.process_bind_param(None, SQLITE)
    assert frozenset() == column.process_result_value("", SQLITE)
    assert {"missed", "approval"} == column.process_result_value("approval,missed", SQLITE)
