"""The project's own papers agree with its code."""

import ast
import hashlib
import re
from pathlib import Path

import pytest

from bot.settings import Settings, example_env, names

ROOT = Path(__file__).resolve().parent.parent
NEVER = re.compile(
    r"channel|integration|message|item|job|task|service|manager|handler|helper|util|common|core"
    r"|process"
)


def _classes(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node.name for node in tree.body if isinstance(node, ast.ClassDef)]


def test_every_class_of_the_model_and_the_contract_stands_in_the_glossary() -> None:
    """A reader who meets a class name finds its sentence."""
    page = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    glossary = set(re.findall(r"^\| (\w+) \|", page, re.MULTILINE))
    files = [*(ROOT / "bot/model").glob("*.py"), ROOT / "bot/platforms/contract.py"]
    plumbing = {"Base", "UtcDateTime", "WordSet"}
    classes = {name for path in files for name in _classes(path)} - plumbing

    assert classes - glossary == set()


def test_the_glossary_is_in_order_and_has_no_word_twice() -> None:
    """Words are found by looking them up."""
    words = re.findall(r"^\| (\w+) \|", (ROOT / "docs/glossary.md").read_text(), re.MULTILINE)[1:]

    assert words == sorted(set(words), key=str.lower)


def test_config_example_env_is_what_the_settings_table_makes() -> None:
    """The example file can never drift from the settings."""
    assert (ROOT / "config.example.env").read_text(encoding="utf-8") == example_env()


def test_every_setting_has_a_meaning() -> None:
    """No setting stands in the example file without a word of explanation."""
    silent = [
        name for name, field in names().items() if not Settings.model_fields[field].description
    ]

    assert silent == []


def test_modules_and_classes_use_no_word_from_the_list_of_empty_names() -> None:
    """A name says what a thing is."""
    found = []
    for path in (ROOT / "bot").rglob("*.py"):
        found += [str(path)] if NEVER.search(path.stem) else []
        found += [name for name in _classes(path) if NEVER.search(name.lower())]

    assert found == []


def test_every_page_that_the_docs_link_to_is_there() -> None:
    """No dead link inside the repository."""
    dead = []
    for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("posts/**/*.md")):
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                dead.append(f"{page.name}: {target}")

    assert dead == []


def test_every_command_that_the_readme_quotes_a_figure_from_is_there() -> None:
    """A figure without its command is a claim."""
    quoted = re.findall(r"`(bench/[\w-]+)`", (ROOT / "README.md").read_text(encoding="utf-8"))

    assert quoted
    assert [name for name in quoted if not (ROOT / name).is_file()] == []


def test_the_procfile_names_commands_that_exist() -> None:
    """A host that reads the Procfile starts something."""
    from bot.cli.verbs import help_of

    lines = (ROOT / "Procfile").read_text(encoding="utf-8").split("\n")
    verbs = [line.split("bot ")[1].split()[0] for line in lines if "bot " in line]

    assert verbs == ["init", "web", "run"]
    assert all(help_of(verb) for verb in verbs)


@pytest.mark.parametrize("lock", ["runtime.txt", "fleet.txt", "dev.txt", "build.txt"])
def test_locks_have_hashes_and_no_address(lock: str) -> None:
    """What is installed is what was locked, from wherever it comes."""
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    pinned = re.findall(r"^[a-z0-9][\w.-]*==", text, re.MULTILINE)

    assert pinned
    assert text.count("--hash=sha256:") >= len(pinned)
    assert "://" not in text


def test_third_party_browser_files_are_unchanged_and_have_their_licence() -> None:
    """Each stands in the table with its hash."""
    folder = ROOT / "bot/web/vendor"
    page = (folder / "README.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| (\S+\.js) \|.*\| ([0-9a-f]{64}) \|$", page, re.MULTILINE))
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.js")
    }

    assert found == listed
    assert {f"{name.split('.')[0]}.LICENSE" for name in found} <= {
        path.name for path in folder.iterdir()
    }
