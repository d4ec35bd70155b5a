"""The site is built without a warning, every link leads somewhere, and it asks nobody else."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from urllib.parse import unquote

from lxml import html
from plainwords import ROOT

from docs.conftest import build

LINKED = "//@href | //@src"
ELSEWHERE = re.compile(r"^(?:https?:)?//")
LOADED = "//link/@href | //script/@src | //img/@src | //iframe/@src | //source/@src"
FETCHED = re.compile(r"(?:url\(|@import)\s*[\"']?((?:https?:)?//[^\"')]+)")


def pages(site: Path) -> dict[Path, html.HtmlElement]:
    """Every page of the site, read; that for what is missing is made for any folder: left out."""
    found = sorted(path for path in site.rglob("*.html") if path.name != "404.html")
    return {path: html.document_fromstring(path.read_bytes()) for path in found}


def test_every_page_is_in_the_navigation_and_in_the_site(site: Path) -> None:
    """A page that nothing leads to is not read; decisions are led to by their own list."""
    settings = tomllib.loads((ROOT / "docs/zensical.toml").read_text(encoding="utf-8"))
    named = re.findall(r"[\w/-]+\.md", str(settings["project"]["nav"]))
    written = {path.name for path in ROOT.glob("docs/*.md")} | {"decisions/README.md"}

    assert written == set(named)
    assert len(named) == len(set(named))
    for path in ROOT.glob("docs/**/*.md"):
        place = path.relative_to(ROOT / "docs").with_suffix(".html")
        assert (site / str(place).replace("README", "index")).is_file()


def test_every_link_and_anchor_of_the_site_leads_somewhere(site: Path) -> None:
    """As a reader follows them, in what was built; also those of the menu."""
    read = pages(site)
    names = {path: set(page.xpath("//@id | //a/@name")) for path, page in read.items()}
    dead, followed = [], 0
    for path, page in read.items():
        for address in {str(one) for one in page.xpath(LINKED)}:
            if ELSEWHERE.match(address) or address.startswith(("mailto:", "data:", "javascript:")):
                continue
            file, _, anchor = address.partition("#")
            to = (path.parent / unquote(file)).resolve() if file else path
            to = to / "index.html" if to.is_dir() else to
            followed += 1
            there = to.is_file() and (not anchor or unquote(anchor) in names.get(to, set()))
            dead += [] if there else [f"{path.name}: {address}"]

    assert followed > 1000
    assert dead == []


def test_nothing_is_loaded_from_another_host(site: Path) -> None:
    """No font, style, script or picture: a reader is told to nobody."""
    asked = [
        f"{path.name}: {address}"
        for path, page in pages(site).items()
        for address in page.xpath(LOADED)
        if ELSEWHERE.match(address)
    ]
    styles = "\n".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))

    assert asked == []
    assert FETCHED.findall(styles) == []


def broken(folder: Path, **pages: str) -> subprocess.CompletedProcess[str]:
    """Build two pages with these words in them, in a repository that is otherwise as it is."""
    for path in ROOT.iterdir():
        if path.name not in {"docs", ".git", "var"}:
            (folder / path.name).symlink_to(path)
    (folder / "docs").mkdir()
    for name in ("zensical.toml", "site.css"):
        shutil.copy(ROOT / "docs" / name, folder / "docs")
    for name, said in pages.items():
        (folder / f"docs/{name}.md").write_text(f"# A page\n\n## A heading\n\n{said}\n")
    return build("--pages", folder / "docs", "--to", folder / "built")


def test_a_dead_link_fails_the_build(tmp_path: Path) -> None:
    """So that the tests above can fail: to no page, and to no heading of one."""
    done = broken(tmp_path, index="[gone](nowhere.md)", running="[gone](#no-such-heading)")

    assert done.returncode == 1
    assert "page does not exist" in done.stdout
    assert "anchor does not exist" in done.stdout


def test_a_link_to_a_file_that_is_not_there_fails_the_build(tmp_path: Path) -> None:
    """Files of the repository count, too."""
    done = broken(tmp_path, index="[there](../bot/worker.py) [gone](../bot/nothing.py)")

    assert done.returncode == 1
    assert "index.md: there is no ../bot/nothing.py" in done.stderr


def test_addresses_of_other_hosts_are_listed_and_not_asked() -> None:
    """For a person to try; a network is no part of the tests."""
    said = build("--external").stdout.splitlines()

    assert "https://appriseit.com alarms.md" in said
    assert [line for line in said if not re.match(r"https?://\S+( \S+\.md)+$", line)] == []
