"""A rendered post, and what is said of it, the same on every door."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal

from bot.formatting.lint import Remark
from bot.platforms.contract import Variant


@dataclass(frozen=True, slots=True)
class Rendered:
    """A Variant with what a person must know about it: counts, price, and what the lint says."""

    title: str
    variant: Variant
    weights: tuple[int, ...]
    max_weight: int
    price: Decimal
    imprint: str | None
    imprint_place: str
    imprint_reason: str
    text_key: str
    remarks: tuple[Remark, ...] = ()

    @property
    def errors(self) -> tuple[str, ...]:
        """What stops this account's post, in words."""
        return tuple(said for _, said in told([self], errors=True))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What its author should know, in words."""
        return tuple(said for _, said in told([self], errors=False))

    @property
    def digest(self) -> str:
        """What is approved: a digest of every byte that will be sent."""
        plain = json.dumps(asdict(self.variant), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(plain.encode()).hexdigest()


def told(rendered: Iterable[Rendered], *, errors: bool) -> list[tuple[int | None, str]]:
    """Line and words of each error or warning; what holds for several accounts is said once."""
    titles: dict[tuple[int | None, str], list[str]] = {}
    for one in rendered:
        for remark in one.remarks:
            if remark.is_error == errors:
                heard = titles.setdefault((remark.line, remark.said), [])
                heard += [one.title] if one.title not in heard else []
    return [(line, f"{' and '.join(names)}: {said}") for (line, said), names in titles.items()]
