"""The deploy files say what they should, and name only what is there.

No container engine and no systemd that could start them is asked for: what they hold is read here,
by the linters where they are installed, and the Procfile is really run (`test_procfile`).
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from docs.reading import Typed, refused

from bot.settings import names

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
COMMAND = "/opt/campaign-bot/.venv/bin/bot"
HADOLINT = shutil.which("hadolint", path=Path(sys.executable).parent)
EXPOSURE_AT_MOST = "20"  # tenths, of systemd-analyze; 100 is no protection at all
SANDBOX = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "CapabilityBoundingSet": "",
    "RestrictNamespaces": "yes",
    "RestrictAddressFamilies": "AF_INET AF_INET6 AF_UNIX",
    "SystemCallArchitectures": "native",
    "StateDirectory": "campaign-bot",
    "WorkingDirectory": "/var/lib/campaign-bot",
    "User": "campaign-bot",
}


def unit(path: Path) -> dict[str, dict[str, list[str]]]:
    """A unit's sections, each key with all its values."""
    found: dict[str, dict[str, list[str]]] = {}
    section: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            section = found.setdefault(line.strip("[]"), {})
            continue
        key, equals, value = line.partition("=")
        assert equals, line
        section.setdefault(key, []).append(value)
    return found


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_each_unit_is_shut_in_and_starts_a_command_there_is(path: Path) -> None:
    """It may write to its own folder alone."""
    found = unit(path)
    service = found["Service"]
    program, *words = service["ExecStart"][0].split()

    assert {key: [value] for key, value in SANDBOX.items()} == {
        key: service[key] for key in SANDBOX
    }
    assert COMMAND == program
    assert "" == refused(Typed("", tuple(words), is_whole=True))
    assert ["multi-user.target"] == found["Install"]["WantedBy"]
    # The charts' engine makes its own machine code; forbidding that would end it.
    assert "MemoryDenyWriteExecute" not in service


def test_what_runs_for_months_is_started_again_and_given_time_to_end() -> None:
    """And never before the database is of its version."""
    for name in ("bot-run", "bot-web"):
        found = unit(DEPLOY / f"systemd/{name}.service")
        assert ["always"] == found["Service"]["Restart"]
        assert ["0"] == found["Unit"]["StartLimitIntervalSec"]
        assert ["bot-init.service"] == found["Unit"]["Requires"]
        assert "bot-init.service" in found["Unit"]["After"][0].split()
        assert ["mixed"] == found["Service"]["KillMode"]
    assert ["oneshot"] == unit(DEPLOY / "systemd/bot-init.service")["Service"]["Type"]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_understands_the_units_and_finds_them_shut_in(tmp_path: Path) -> None:
    """By its own checks, which start nothing."""
    copies = []
    for path in UNITS:
        copies.append(tmp_path / path.name)
        # Where the program would be, another that is there.
        copies[-1].write_text(path.read_text(encoding="utf-8").replace(COMMAND, "/bin/true"))
    verify = analyze("verify", *map(str, copies))
    assert "" == verify.stdout + verify.stderr
    assert 0 == verify.returncode
    shut = analyze("security", "--offline=true", f"--threshold={EXPOSURE_AT_MOST}", str(copies[1]))
    assert 0 == shut.returncode, shut.stdout[-300:]


def ran(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(words, capture_output=True, text=True, timeout=30, check=False)


def analyze(*words: str) -> "subprocess.CompletedProcess[str]":
    return ran("systemd-analyze", "--no-pager", *words)


def steps() -> list[tuple[str, str]]:
    """The Containerfile's instructions, continued lines joined."""
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    lines = [line.split(None, 1) for line in text.splitlines() if line.strip()]
    return [(word, rest) for word, rest in lines]


def test_the_image_is_built_from_locks_and_runs_as_nobody_special() -> None:
    """Two stages; what is copied is there and is let through to the builder."""
    found = steps()
    images = [rest.split()[0] for word, rest in found if word == "FROM"]
    copied = [
        source
        for word, rest in found
        if word == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    ]
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    installs = [rest for word, rest in found if word == "RUN" and "pip install" in rest]

    assert 2 == len(images)
    assert all(re.fullmatch(r"python:3\.\d+-slim-\w+", image) for image in images)
    assert all((ROOT / source).exists() for source in copied)
    assert {f"!{source.rstrip('/')}" for source in copied} <= set(ignored)
    assert "*" == next(line for line in ignored if not line.startswith("#"))
    assert all("--require-hashes" in one or "--no-index" in one for one in installs)
    last = found[max(n for n, (word, _) in enumerate(found) if word == "FROM") :]
    said = dict(last)
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", said["USER"])
    assert ("bot", ["run"]) == (yaml.safe_load(said["ENTRYPOINT"])[0], yaml.safe_load(said["CMD"]))
    check = yaml.safe_load(said["HEALTHCHECK"].partition("CMD ")[2])
    assert "bot" == check[0]
    assert "" == refused(Typed("", tuple(check[1:]), is_whole=True))


@pytest.mark.skipif(not HADOLINT, reason="hadolint is not installed")
def test_the_linter_of_such_files_finds_nothing() -> None:
    """hadolint, from the development lock."""
    found = ran(HADOLINT or "", str(DEPLOY / "Containerfile"))

    assert (0, "") == (found.returncode, found.stdout)


@pytest.fixture
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return found


def test_compose_starts_release_then_pages_and_workers(compose: dict[str, Any]) -> None:
    """Each waits for what it needs; the database for none."""
    services = compose["services"]
    first = {"database": {"condition": "service_healthy"}}
    released = {"release": {"condition": "service_completed_successfully"}}

    assert {"database", "release", "web", "worker"} == set(services)
    assert first == services["release"]["depends_on"]
    assert all(released == services[name]["depends_on"] for name in ("web", "worker"))
    assert "healthcheck" in services["database"]
    assert services["worker"]["deploy"]["replicas"] > 1
    assert set(compose["volumes"]) == {"database"}
    assert all(name.startswith(("name", "x-", "services", "volumes")) for name in compose)


def test_compose_shuts_the_bot_in_and_names_commands_and_settings_there_are(
    compose: dict[str, Any],
) -> None:
    """Read-only, without privileges, the pages on this machine alone."""
    for name in ("release", "web", "worker"):
        one = compose["services"][name]
        assert "" == refused(Typed("", tuple(one["command"]), is_whole=True))
        assert (True, ["ALL"], ["/tmp"]) == (one["read_only"], one["cap_drop"], one["tmpfs"])
        assert ["no-new-privileges:true"] == one["security_opt"]
        assert set(one["environment"]) <= set(names())
        built = (DEPLOY / one["build"]["context"]).resolve()
        assert (built / one["build"]["dockerfile"]).is_file()
    web = compose["services"]["web"]
    (port,) = web["ports"]
    assert port == f"127.0.0.1:8000:{web['command'][-1]}"
    assert f":{web['command'][-1]}/healthz" in web["healthcheck"]["test"][-1]


def test_no_file_names_a_registry_of_packages() -> None:
    """Names of images alone; whose registry they come from is the machine's own setting."""
    files = [
        *DEPLOY.rglob("*.*"),
        DEPLOY / "Containerfile",
        ROOT / "Procfile",
        ROOT / "requirements.txt",
    ]
    said = "\n".join(path.read_text(encoding="utf-8") for path in files if path.is_file())

    assert re.findall(r"pypi|index-url|docker\.io|ghcr|quay", said) == []
