"""Renders a Post for one Platform: the one path for preview, check and queueing.

What comes out is stored and sent byte for byte. The platform's own rules are data; which platform
it is, is never asked here.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial

from bot.errors import PostInvalid
from bot.formatting import illustrations, links, lint, threads
from bot.formatting import imprint as imprints
from bot.formatting.imprint import Imprint
from bot.formatting.lint import Remark
from bot.formatting.rendered import Rendered
from bot.formatting.style import PLAIN, Style
from bot.formatting.text import comparison_key, tidy
from bot.formatting.wording import Recent, Wording
from bot.model.written import Written
from bot.platforms.arrange import AFTER_LINK, has_link
from bot.platforms.contract import Draft, Length, PartContent, Platform, Variant

ANY_LINK = "https://example.org"
# Whether words can be the n-th Part, the last or not, with a number as wide as this one.
NumberedFits = Callable[[str, int, bool, str], bool]


def render(
    written: Written,
    platform: Platform,
    imprint: Imprint,
    max_weight: int | None = None,
    *,
    style: Style = PLAIN,
    on: date | None = None,
    recent: tuple[Recent, ...] = (),
) -> Rendered:
    """What this Platform gets. Too long is an error in the result, not an exception.

    `on` is the day it goes out, or today; `recent` are the account's posts to compare it with.
    """
    rules = platform.rules
    limit = max_weight or rules.max_weight
    text = tidy(written.text_for(rules.platform))
    line = imprint.line(written.election)
    images = illustrations.images(written, rules)
    draft = Draft(text=text, link=written.link, images=images, imprint=line)
    draft = _tagged(draft, written, platform, style)
    variant, remarks, place = _placed(platform, draft, written, limit, imprint)
    lengths = [platform.measure(part.text) for part in variant.parts]
    wording = Wording(
        text=text,
        length=platform.measure(text),
        rules=rules,
        link=written.link,
        lang=written.lang,
        media=written.media,
        thread=written.thread,
        on=on,
        dearer_by_link=_prices(platform),
        known_acronyms=style.known_to(written, imprint),
        recent=recent,
    )
    remarks += illustrations.remarks(written, rules, len(variant.parts))
    remarks += _imprint_remarks(platform, line)
    remarks += _lint(wording, variant, lengths, _line_of(written, rules.platform))
    if style.tags(written) and not written.link:
        remarks.append(Remark("utm", False, "utm: tags only link:, and there is none."))
    return Rendered(
        title=rules.title,
        variant=variant,
        weights=tuple(length.weight for length in lengths),
        max_weight=limit,
        price=sum((platform.price(part) for part in variant.parts), Decimal(0)),
        imprint=line,
        imprint_place=place,
        imprint_reason=imprint.why(written.election),
        text_key=comparison_key(threads.without_breaks(text), written.link),
        remarks=tuple(remarks),
    )


def _tagged(draft: Draft, written: Written, platform: Platform, style: Style) -> Draft:
    """The draft with its link tagged, also where the text has the same link."""
    if not draft.link or not style.tags(written):
        return draft
    tagged = links.tagged(
        draft.link,
        source=platform.rules.platform,
        campaign=written.campaign,
        words=threads.without_breaks(draft.text),
    )
    text = re.sub(re.escape(draft.link) + AFTER_LINK, lambda _: tagged, draft.text)
    return replace(draft, text=text, link=tagged)


def _placed(
    platform: Platform, draft: Draft, written: Written, limit: int, imprint: Imprint
) -> tuple[Variant, list[Remark], str]:
    """The Parts with the imprint in them; only where a small limit leaves no room, elsewhere."""
    variant, remarks = _arranged(platform, draft, written, limit)
    if draft.imprint is None:
        return variant, remarks, imprints.NOWHERE
    if not (remarks and imprint.place and platform.rules.imprint_elsewhere):
        return variant, remarks, imprints.IN_POST
    pointing = replace(draft, imprint=imprint.pointer)
    other, faults = _arranged(platform, pointing, written, limit)
    if faults:
        return variant, remarks, imprints.IN_POST
    said = imprints.NO_ROOM.format(place=imprints.ELSEWHERE[imprint.place])
    return other, [Remark("imprint", False, said)], imprint.place


def _arranged(
    platform: Platform, draft: Draft, written: Written, limit: int
) -> tuple[Variant, list[Remark]]:
    """The Parts, and what keeps them from going out."""
    rules = platform.rules
    whole = replace(draft, text=threads.without_breaks(draft.text))
    variant = platform.compose(whole)
    if not whole.text:
        said = "there is no text. Write one, or leave it out of to:."
        return variant, [Remark("no text", True, said)]
    weight = max(platform.measure(part.text).weight for part in variant.parts)
    asked = written.thread and rules.threads
    if asked and (weight > limit or len(threads.sections(draft.text)) > 1):
        try:
            return _thread(platform, draft, written, limit), []
        except PostInvalid as error:
            return variant, [Remark("too long", True, error.reason)]
    if weight > limit:
        return variant, [Remark("too long", True, _too_long(platform, weight, limit))]
    return variant, []


def _too_long(platform: Platform, weight: int, limit: int) -> str:
    rules = platform.rules
    ways = ["shorten it", f"write a shorter text under {rules.platform}:"]
    if rules.threads:
        ways.append("set thread: yes")
    choices = f"{', '.join(ways[:-1])} or {ways[-1]}"
    return (
        f"{weight:,} of {limit:,} characters, {weight - limit:,} too many "
        f"(links and imprint counted). {choices[:1].upper()}{choices[1:]}."
    )


def _thread(platform: Platform, draft: Draft, written: Written, limit: int) -> Variant:
    """Several Parts, each within the limit with its number, link and imprint counted.

    The imprint stands in the first, which is the one that is shared; link and pictures where their
    author wants them. A link that the words have somewhere already is not added.
    """
    link = None if draft.link and has_link(draft.text, draft.link) else draft.link

    def part(words: str, n: int, is_last: bool, number: str) -> PartContent:
        # A thread has more Parts than one; which is the last is all that matters of their number.
        parts = n if is_last else n + 1
        carries_link = n == written.link_part or (is_last and not written.link_part)
        piece = Draft(
            text=f"{words}\n{number}" if number else words,
            link=link if carries_link else None,
            images=illustrations.images(written, platform.rules, n, parts),
            imprint=draft.imprint if n == 1 else None,
        )
        return platform.compose(piece).parts[0]

    def fits(words: str, n: int, is_last: bool, widest: str) -> bool:
        text = part(words, n, is_last, widest).text
        return platform.measure(text).weight <= limit

    pieces = _pieces(draft.text, written.numbering, fits)
    if link and written.link_part > len(pieces):
        raise PostInvalid(
            f"link_part: there is no part {written.link_part}; the thread has {len(pieces)}."
        )
    count = len(pieces)
    numbers = [_number(written.numbering, n, count) if count > 1 else "" for n in range(count + 1)]
    return Variant(
        tuple(part(words, n, n == count, numbers[n]) for n, words in enumerate(pieces, 1))
    )


def _pieces(text: str, numbering: str, fits: NumberedFits) -> list[str]:
    """The pieces, with room for as many digits as their number turns out to have."""
    for digits in range(1, 7):
        widest = _number(numbering, 10**digits - 1, 10**digits - 1)
        pieces = threads.split(text, partial(_with_width, fits, widest))
        if not numbering or len(pieces) < 10**digits:
            return pieces
    raise PostInvalid("It has too many parts for a thread.")


def _with_width(fits: NumberedFits, widest: str, words: str, n: int, is_last: bool) -> bool:
    return fits(words, n, is_last, widest)


def _number(numbering: str, n: int, count: int) -> str:
    """`2/5` in the style asked for: 1/3, (1/3) or nothing."""
    return numbering.replace("1/3", f"{n}/{count}")


# --- What is said of it


def _prices(platform: Platform) -> tuple[Decimal, Decimal] | None:
    """What a post costs without and with a link, where that makes a difference."""
    plain, linked = (platform.price(PartContent(text)) for text in ("Words", ANY_LINK))
    return (plain, linked) if linked > plain else None


def _imprint_remarks(platform: Platform, line: str | None) -> list[Remark]:
    found = imprints.links_in(line, platform.measure, platform.rules.title) if line else []
    return [Remark("imprint", is_error, said) for is_error, said in found]


@dataclass(frozen=True, slots=True)
class _Lines:
    """Where in its file a text begins, and what has a line of its own; None without a file."""

    first: int | None
    named: Mapping[str, int]

    def at(self, text: str, position: int | str | None) -> int | None:
        if isinstance(position, str):
            return self.named.get(position)
        if self.first is None or position is None:
            return None
        return self.first + text.count("\n", 0, position)


def _line_of(written: Written, platform: str) -> _Lines:
    first = written.lines.get(platform if platform in written.texts else "body")
    return _Lines(first, written.lines)


def _lint(
    wording: Wording, variant: Variant, lengths: Sequence[Length], lines: _Lines
) -> Iterator[Remark]:
    for rule, (position, said) in lint.examine(wording):
        yield Remark(rule.name, rule.is_error, said, lines.at(wording.text, position))
    several = len(variant.parts) > 1
    for n, (part, length) in enumerate(zip(variant.parts, lengths, strict=True), 1):
        one = replace(wording, text=part.text, length=length)
        for rule, (_, said) in lint.examine(one, part=True):
            place = f"Part {n}: " if several else ""
            yield Remark(rule.name, rule.is_error, f"{place}{said}")
