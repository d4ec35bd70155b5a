"""Asks which of several feeds is meant, where somebody sits at a terminal to answer."""

import sys

import click

from bot.cli.door import Door
from bot.intake.feedfind import SeveralFeeds


def chosen(door: Door, several: SeveralFeeds) -> str:
    """The address of the feed the person chose; the refusal itself where nobody can be asked."""
    if not sys.stdin.isatty():
        raise several
    door.say(f"This page names {len(several.links)} feeds:")
    for number, link in enumerate(several.links, 1):
        door.say(f"  {number}  {link.title or link.url}")
        if link.title:
            door.say(f"     {link.url}")
    number = click.prompt("Which one?", type=click.IntRange(1, len(several.links)), default=1)
    return several.links[number - 1].url
