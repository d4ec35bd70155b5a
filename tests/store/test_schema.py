"""The schema: equal to the migrations, refused when newer, and without a place for people."""

from datetime import datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from world import make_database

from bot.errors import StoreError
from bot.store import schema
from bot.store.engine import Store


def test_the_model_equals_the_migrations(world):
    """Nobody changed a table without a migration; partial indexes included."""
    with world.store.read() as session:
        connection = session.connection()
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert [] == compare_metadata(context, schema.metadata())
        indexes = {index["name"] for index in inspect(connection).get_indexes("delivery")}

    assert {"uq_delivery_account_slot", "uq_delivery_one_sending"} <= indexes


def test_the_newest_migration_is_the_one_the_bot_asks_for(world):
    """Else every start would refuse its own database."""
    versions = sorted(path.stem for path in (schema.MIGRATIONS / "versions").glob("0*.py"))

    assert versions[-1].startswith(schema.HEAD + "_")
    assert schema.HEAD == schema.revision(world.store)
    schema.require_current(world.store)


@pytest.fixture
def fresh(engine_name, request, tmp_path, clock):
    """A database with nothing in it."""
    if engine_name == "sqlite":
        store = Store(f"sqlite:///{tmp_path}/new/place/bot.db", clock)
    else:
        server = request.getfixturevalue("postgres_server")
        name = f"fresh_{request.getfixturevalue('postgres_store').url.database}"
        make_database(server, name)
        store = Store(server(name), clock)
    yield store
    store.close()


def test_an_empty_database_is_refused_until_it_is_made(fresh):
    """And making it twice changes nothing."""
    with pytest.raises(StoreError, match="bot init"):
        schema.require_current(fresh)

    assert (None, schema.HEAD) == schema.upgrade(fresh)
    assert (schema.HEAD, schema.HEAD) == schema.upgrade(fresh)
    schema.require_current(fresh)
    with fresh.read() as session:
        tables = set(inspect(session.connection()).get_table_names())
    assert tables - {"alembic_version"} == set(schema.metadata().tables)


def test_a_database_from_a_newer_version_is_refused_untouched(fresh):
    """Both by the start and by `bot init`."""
    schema.upgrade(fresh)
    with fresh.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    for refuse in (schema.require_current, schema.upgrade):
        with pytest.raises(StoreError, match=r"newer version .*9999"):
            refuse(fresh)
    assert "9999" == schema.revision(fresh)


def test_two_programs_that_start_together_make_the_tables_once(fresh):
    """The second waits for the first and finds all done."""
    import threading

    errors = []

    def make():
        try:
            schema.upgrade(fresh)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=make) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [] == errors
    schema.require_current(fresh)


# Every column that holds words, and whose words they are. A new one is a decision about people:
# what a Platform says of those who like, share or answer has no place here (compliance.md 2.4).
OURS = {
    # What is wrong with the bot; who is told stands in the settings alone.
    "alarm": "key name said told_to error",
    "answer": "question said actor",
    "account": "name platform remote_id display_name timezone approval park_reason "
    "automated_label_by behind_reason connected_by sealed_with",
    # What a Platform counts of our own accounts.
    "account_count": "day",
    "account_check": "problem remote_id display_name missing_scopes bio pinned imprint_places",
    "article": "entry_id title link decision reason chosen",
    "article_name": "kind value",
    "attempt": "lease_token outcome reason code trace",
    "backup": "error",
    "bill": "month",
    "blackout": "reason actor",
    "charge": "purpose",
    "connecting": "state_digest session_digest",
    "decision": "actor verb reason before after",
    "delivery": "state holds reason timing quiet_hours variant_digest approved_digest text_key "
    "when_in_doubt lease_token imprint imprint_place imprint_reason occasion",
    "feed": "name url owner options etag last_modified title site language skips last_error",
    "media": "sha256 mime_type",
    # The group's own people, who use the web app; what they write and how they sign in.
    "manuscript": "key form media",
    "move": "key side place actor",
    # What went wrong with a mail to one of them.
    "letter": "week error",
    "passkey": "name transports device_type extensions usage",
    "person": "email name role language password fs_uniquifier fs_webauthn_user_handle "
    "tf_primary_method tf_totp_secret mf_recovery_codes",
    "sign_in": "secret_digest device",
    "paid_reading": "remote_id day",
    "part": "text link images remote_id url",
    "pause": "reason actor ended_by",
    "post": "source key content_digest written campaign author worded_by recurs_until",
    "post_label": "label",
    "proof": "remote_id text link imprint place reason approver",
    "quarantine": "source key reason",
    # What our own people note in the engagement log.
    "review": "note actor",
    "receiver": "label error",
    "slot": "local_time",
    "snapshot": "",
    # Our own accounts' posts, never anybody's answer to them.
    "stranger": "remote_id url text link reply_to",
    "tally": "",
    "worker": "host trouble version",
}


def kind(column):
    """What Python sees of a column; its own types are what they stand on."""
    return getattr(column.type, "impl_instance", column.type).python_type


def test_no_column_can_hold_a_person_who_reads_us():
    """Counts only: whoever adds a column for words must say here whose they are."""
    words = {
        table.name: {
            column.name
            for column in table.columns
            if kind(column) not in (int, float, bool, bytes, datetime)
        }
        for table in schema.metadata().sorted_tables
    }

    assert {name: set(known.split()) for name, known in OURS.items()} == words


@pytest.mark.parametrize("table", ["snapshot", "tally"])
def test_a_snapshot_is_nothing_but_numbers_and_a_time(table):
    """What a Platform counts."""
    assert {int, datetime} == {kind(column) for column in schema.metadata().tables[table].columns}
