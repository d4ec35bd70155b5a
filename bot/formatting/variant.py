"""Renders a Post for one Platform: the one path for preview, check and queueing.

What comes out is stored and sent byte for byte. The platform's own rules are data; which platform
it is, is never asked here.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal

from bot.errors import PostInvalid
from bot.formatting import threads
from bot.formatting.imprint import Imprint
from bot.formatting.text import comparison_key, markdown_marks, tidy
from bot.model.written import Written
from bot.platforms.contract import Draft, PartContent, Platform, Variant


@dataclass(frozen=True, slots=True)
class Rendered:
    """A Variant with what a person must know about it: counts, price, errors and warnings."""

    title: str
    variant: Variant
    weights: tuple[int, ...]
    max_weight: int
    price: Decimal
    imprint: str | None
    text_key: str
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = field(default=())

    @property
    def digest(self) -> str:
        """What is approved: a digest of every byte that will be sent."""
        plain = json.dumps(asdict(self.variant), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(plain.encode()).hexdigest()


def render(
    written: Written, platform: Platform, imprint: Imprint, max_weight: int | None = None
) -> Rendered:
    """What this Platform gets. Too long is an error in the result, not an exception."""
    rules = platform.rules
    limit = max_weight or rules.max_weight
    text = tidy(written.text_for(rules.platform))
    line = imprint.line(written.election)
    draft = Draft(text=text, link=written.link, imprint=line)
    variant = platform.compose(draft)
    errors: list[str] = []
    if not text:
        errors.append(f"{rules.title}: there is no text. Write one, or leave it out of to:.")
    weight = _weight(platform, variant)
    if weight > limit and written.thread and rules.threads:
        try:
            variant = _thread(platform, draft, limit)
        except PostInvalid as error:
            errors.append(f"{rules.title}: {error.reason}")
    elif weight > limit:
        errors.append(_too_long(platform, weight, limit))
    return Rendered(
        title=rules.title,
        variant=variant,
        weights=tuple(platform.measure(part.text).weight for part in variant.parts),
        max_weight=limit,
        price=sum((platform.price(part) for part in variant.parts), Decimal(0)),
        imprint=line,
        text_key=comparison_key(text, written.link),
        errors=tuple(errors),
        warnings=tuple(f"{rules.title}: {said}" for said in markdown_marks(text)),
    )


def _weight(platform: Platform, variant: Variant) -> int:
    return max(platform.measure(part.text).weight for part in variant.parts)


def _too_long(platform: Platform, weight: int, limit: int) -> str:
    rules = platform.rules
    ways = ["shorten it", f"write a shorter text under {rules.platform}:"]
    if rules.threads:
        ways.append("set thread: yes")
    choices = f"{', '.join(ways[:-1])} or {ways[-1]}"
    return (
        f"{rules.title}: {weight:,} of {limit:,} characters, {weight - limit:,} too many "
        f"(links and imprint counted). {choices[:1].upper()}{choices[1:]}."
    )


def _thread(platform: Platform, draft: Draft, limit: int) -> Variant:
    """Several Parts: the imprint stays with the first, the link goes with the last."""

    def part(words: str, first: bool, last: bool) -> PartContent:
        piece = replace(
            draft,
            text=words,
            imprint=draft.imprint if first else None,
            link=draft.link if last else None,
            images=draft.images if first else (),
        )
        return platform.compose(piece).parts[0]

    def fits(words: str, first: bool) -> bool:
        return platform.measure(part(words, first, last=True).text).weight <= limit

    pieces = threads.split(draft.text, fits)
    return Variant(
        tuple(
            part(words, first=n == 0, last=n == len(pieces) - 1) for n, words in enumerate(pieces)
        )
    )
