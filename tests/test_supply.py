"""What the bot stands on: locked, told, licences looked at, and no audit that only looks green."""

import json
import re
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import flask_security.core
import pytest

BENCH = Path(__file__).resolve().parent.parent / "bench"


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch):
    """A command of bench as a module."""
    monkeypatch.syspath_prepend(str(BENCH))

    def loaded(name: str) -> ModuleType:
        loader = SourceFileLoader(f"bench_{name}", str(BENCH / name))
        found = module_from_spec(spec_from_loader(loader.name, loader))
        monkeypatch.setitem(sys.modules, loader.name, found)
        loader.exec_module(found)
        return found

    return loaded


def audited(*left_out: str, vulnerable: str = ""):
    """An answer of pip-audit on everything locked, but for some."""
    import locked

    rows = [
        {"name": one.name, "version": one.version, "vulns": []}
        for one in locked.packages(only="runtime.txt")
        if one.itself and one.name not in left_out
    ]
    for row in rows:
        if row["name"] == vulnerable:
            row["vulns"] = [{"id": "CVE-2099-1", "fix_versions": ["99"]}]
    return json.dumps({"dependencies": rows, "fixes": []})


@pytest.mark.parametrize(
    "printed",
    ["", "No known vulnerabilities found", "[]", json.dumps({"dependencies": []})],
)
def test_an_audit_that_could_not_look_has_failed(bench, printed: str) -> None:
    """Offline, with an index that knows of nothing, or with an answer cut short."""
    assert list(bench("audit").told_of("runtime.txt", printed, "no network"))


def test_an_audit_tells_weaknesses_and_whom_it_was_not_told_about(bench) -> None:
    """A package that was skipped is no package without weaknesses."""
    audit = bench("audit")
    assert [] == list(audit.told_of("runtime.txt", audited(), ""))
    assert ["flask was not audited."] == list(audit.told_of("runtime.txt", audited("flask"), ""))
    assert ["requests 2.", "CVE-2099-1"] == [
        part
        for line in audit.told_of("runtime.txt", audited(vulnerable="requests"), "")
        for part in ("requests 2.", "CVE-2099-1")
        if part in line
    ]
    skipped = json.loads(audited())
    skipped["dependencies"][0] = {"name": "alembic", "skip_reason": "not found"}
    assert ["alembic was not audited."] == list(
        audit.told_of("runtime.txt", json.dumps(skipped), "")
    )


def test_every_licence_was_looked_at_and_a_new_one_is_told(bench) -> None:
    """MIT and its like; GPL alone is not among them, one offered beside others is."""
    licences = bench("licences")
    assert 0 == licences.main()
    row = next(iter(licences.packages()))

    class Told:
        def __init__(self, licence: str) -> None:
            self.itself, self.licence = row.itself, licence

    assert not licences.may_be_used(Told("GPL-3.0-only"))
    assert not licences.may_be_used(Told("AGPL-3.0"))
    assert not licences.may_be_used(Told(""))
    assert licences.may_be_used(Told("GPL-2.0-only OR MIT"))


def test_the_bill_of_materials_names_every_locked_file(bench, capsys) -> None:
    """By name, version, licence and hash; the same each time."""
    sbom = bench("sbom")
    assert 0 == sbom.main()
    first = capsys.readouterr().out
    sbom.main()
    assert first == capsys.readouterr().out
    bill = json.loads(first)
    found = {one["name"]: one for one in bill["components"]}
    assert {"flask", "tweepy", "facebook-sdk", "procrastinate"} <= set(found)
    assert all(one["hashes"] for one in found.values())
    lock = (BENCH.parent / "requirements/runtime.txt").read_text()
    assert lock.count("--hash=sha256:") <= sum(len(one["hashes"]) for one in bill["components"])


def test_what_flask_security_wants_at_its_start_is_locked() -> None:
    """It names these in no list of its own, so that nothing else would miss them."""
    lock = (BENCH.parent / "requirements/runtime.txt").read_text(encoding="utf-8")
    core = Path(flask_security.core.__file__).read_text(encoding="utf-8")
    wanted = set(re.findall(r'_check_modules\("(\w+)", "(?:WEBAUTHN|PASSWORD_COMP)', core))

    assert {"nh3", "webauthn", "zxcvbn"} <= wanted
    assert [name for name in sorted(wanted) if f"\n{name}==" not in lock] == []
