"""The page of alarms: what stands, whom alarms reach, and the test that admins may send."""

from pathlib import Path

import pytest
from postbox import Postbox

from bot.flow import alarms as watching
from bot.sandbox import Sandbox
from bot.settings.field import SecretStr
from bot.store import backuplog
from web.site import running

pytestmark = [
    pytest.mark.filterwarnings("ignore:The auto-login after:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Passing SelectField choices:DeprecationWarning"),
]


def test_everybody_sees_what_was_alarmed_and_admins_test_it(tmp_path: Path) -> None:
    """A receiver that fails is named on Today, too; no address is on any page."""
    with Sandbox() as sandbox, running(tmp_path, sandbox) as site, Postbox() as hook:
        address = SecretStr(f"json://{hook.at}/sEcretToken")
        object.__setattr__(site.bot.settings, "alert_urls", address)
        admin, volunteer = site.person("admin"), site.person("volunteer")
        with site.bot.store.write() as session:
            backuplog.note(session, site.bot.clock(), "The disk is full.")
        watching.look(site.bot)
        page = volunteer.get("/alarms").text
        assert "A backup failed" in page
        assert "Try it by hand: bot backup" in page
        assert "1. web hook (127.0.0.1)" in page
        assert "never tried" in page
        assert "/alarms/test" not in page
        assert volunteer.post("/alarms/test").status_code == 403
        assert hook.kept == []
        assert "it took the test." in admin.post("/alarms/test").text
        assert [said["title"] for _, said in hook.kept] == ["Campaign bot: A test"]
        assert "did not go through" not in volunteer.get("/").text
        hook.answers = 500
        failed = admin.post("/alarms/test").text
        assert "It did not take it (it answered 500)." in failed
        today = volunteer.get("/").text
        assert "An alarm did not go through (1. web hook (127.0.0.1))." in today
        assert "sEcretToken" not in page + failed + today
