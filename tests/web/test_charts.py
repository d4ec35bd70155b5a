"""Charts on pages: the picture behind its address, and the macro that shows it."""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import busyyear
import pytest
from flask import render_template_string
from markupsafe import escape

from bot.reports.charts import drawing, gallery
from bot.reports.charts.engine import ENGINE, NotDrawn
from bot.sandbox import Sandbox
from bot.web import charts
from web.site import Site, Visitor, running

MACRO = (
    '{% from "_chart.html" import chart with context %}'
    "{{ chart(one.chart, one.light_url, one.dark_url) }}"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Iterator[Site]:
    """An app with half a year behind it."""
    folder = tmp_path_factory.mktemp("charts")
    with running(folder, sandbox, lambda: busyyear.NOW) as site:
        busyyear.fill(site.bot.store, seed=5, posts=40)
        yield site
    ENGINE.close()


@pytest.fixture(scope="module")
def staff(site: Site) -> Visitor:
    return site.person("staff", "Sam")


def shown(
    site: Site, name: str, query: str = "", language: str = "en", **more: Any
) -> charts.Shown:
    """The chart as a page with that address has it."""
    page = site.app.test_request_context(
        f"/engagement?{query}", headers={"Accept-Language": language}
    )
    with page, site.bot.store.read() as session:
        return charts.shown(session, name, **more)


def test_a_page_gets_a_picture_for_its_filters_that_may_be_kept(site: Site, staff: Visitor) -> None:
    """The same posts as the page; named by what it shows, for the browser alone."""
    one = shown(site, "groups", "account=x&days=90&by=link&nonsense=1", count="likes")
    light, dark = (staff.get(url) for url in (one.light_url, one.dark_url))
    seen = staff.get(one.light_url, headers={"If-None-Match": light.headers["ETag"]})

    assert {"X"} == {row["account"] for row in one.chart.rows}
    assert "nonsense" not in one.light_url
    assert [200, 200, 304] == [light.status_code, dark.status_code, seen.status_code]
    assert one.chart.sentence == ET.fromstring(light.content).get("aria-label")
    assert light.content != dark.content
    assert "image/svg+xml" == light.headers["Content-Type"].partition(";")[0]
    assert "private, max-age=86400, immutable" == light.headers["Cache-Control"]
    assert "default-src 'none'" in light.headers["Content-Security-Policy"]
    stale = staff.get(one.light_url.replace("v=", "v=0"))
    assert "private, no-cache" == stale.headers["Cache-Control"]


@pytest.mark.parametrize(
    "query",
    ["days=7000&count=x&by=moon&age=1h&post=zz",
     "since=2026-02-31&until=9999-12-31&post=P99999999999",
     "since=2026-11-20&until=2026-11-01"],
)  # fmt: skip
def test_what_cannot_be_understood_is_left_out(site: Site, query: str) -> None:
    """As by every list."""
    plain = shown(site, "groups").chart
    assert plain.rows == shown(site, "groups", query).chart.rows


def test_the_last_day_is_whole(site: Site) -> None:
    """A day typed as the end is in it."""
    rows = shown(site, "weeks", "since=2026-06-01&until=2026-06-30").chart.rows
    with site.app.test_request_context("/?since=2026-06-01&until=2026-06-30"):
        wish = charts.wish("weeks")

    assert ("2026-05-31T23:00", "2026-06-30T23:00") == tuple(
        at.isoformat()[:16] for at in (wish.since, wish.until) if at
    )
    assert {"2026-06"} == {row["week"][:7] for row in rows}


def test_there_is_no_picture_of_nothing_or_without_signing_in(site: Site, staff: Visitor) -> None:
    """A chart nobody has, of no posts, or for nobody."""
    nothing = shown(site, "groups", "campaign=none-such")
    visitor = Visitor(site)

    assert ("", "") == (nothing.light_url, nothing.dark_url)
    for path in "none.svg", "groups.pdf", "groups.svg?campaign=none-such", "curve.svg?post=999":
        assert 404 == staff.get(f"/engagement/charts/{path}").status_code
    answer = visitor.get("/engagement/charts/groups.svg", allow_redirects=False)
    assert "/login" in answer.headers["Location"]


def test_the_macro_shows_picture_sentence_and_table(site: Site, monkeypatch: Any) -> None:
    """On paper the light picture; all figures in the table; nothing runs."""
    one = shown(site, "groups")
    with site.app.test_request_context("/"):
        page = render_template_string(MACRO, one=one)
        empty = render_template_string(MACRO, one=shown(site, "curve", "post=999"))

    assert 'media="screen and (prefers-color-scheme: dark)"' in page
    assert f'<img src="{escape(one.light_url)}" alt="{one.chart.title}"' in page
    assert str(escape(one.chart.sentence)) in page
    assert len(one.chart.rows) + 1 == page.count("<tr>")
    assert "<td>=press</td>" in page
    assert "None" not in page
    assert "P999 has not been counted yet." in empty
    assert "<img" not in empty
    assert "<details" not in empty


def test_what_could_not_be_drawn_is_said(
    site: Site, staff: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page has the table still."""

    def fail(*_: Any, **__: Any) -> bytes:
        raise NotDrawn("The machine is too busy to draw just now.")

    monkeypatch.setattr(drawing, "draw", fail)
    answer = staff.get("/engagement/charts/groups.png")

    assert (503, "The machine is too busy to draw just now.") == (answer.status_code, answer.text)


@pytest.mark.parametrize("name", gallery.NAMES)
def test_a_chart_speaks_the_language_of_its_page(site: Site, name: str) -> None:
    """Its title, sentence, heads and what its marks mean; a sentence is never half translated."""
    ours, theirs = (shown(site, name, "post=1", language).chart for language in ("en", "es"))
    heads = {**ours.columns, **{str(n): note for n, note in enumerate(ours.notes)}}
    said = {**theirs.columns, **{str(n): note for n, note in enumerate(theirs.notes)}}

    assert ours.title != theirs.title
    assert ours.sentence != theirs.sentence
    assert not re.search(r"\b(the|of|posts|had|was|on)\b", theirs.sentence)
    assert [] == [key for key in heads if heads[key] == said[key]]
    assert "es-ES" == theirs.locale
