"""The pictures and videos of a post as one Platform gets them, and what keeps them from going.

Pure: files were read before, and what each Platform gets of them stands in the post.
"""

from collections import Counter
from collections.abc import Iterator

from bot.formatting.lint import Remark
from bot.model.written import Picture, Written
from bot.platforms.contract import Image, Rules

NOT_READ = "its file was not read. Save the post once more."


def images(written: Written, rules: Rules, n: int = 1, parts: int = 1) -> tuple[Image, ...]:
    """Those that the n-th of so many Parts shows there, in the author's order."""
    return tuple(
        Image(one.sha256, one.mime_type, picture.alt.strip())
        for picture in written.media
        if picture.place(parts) == n
        and (one := picture.renditions.get(rules.platform)) is not None
        and not one.problem
    )


def remarks(written: Written, rules: Rules, parts: int) -> Iterator[Remark]:
    """Mistakes of this account, then what its author should know."""
    shown: Counter[int] = Counter(picture.place(parts) for picture in written.media)
    before: Counter[int] = Counter()
    for n, picture in enumerate(written.media, 1):
        place = picture.place(parts)
        before[place] += 1
        for is_error, said in _said(picture, rules, before[place], shown[place]):
            yield Remark("media", is_error, said, written.lines.get(f"media {n}"))
        if place > parts:
            said = f"{picture.file}: there is no part {place}; the thread has {parts}."
            yield Remark("media", True, said, written.lines.get(f"media {n}"))


def _said(picture: Picture, rules: Rules, n: int, count: int) -> Iterator[tuple[bool, str]]:
    """What is said of the n-th of so many files that one Part shows."""
    rendition = picture.renditions.get(rules.platform)
    if rendition is None:
        yield True, f"{picture.file}: {NOT_READ}"
        return
    if rendition.problem:
        yield True, f"{picture.file}: {rendition.problem}"
    if rendition.note:
        yield False, f"{picture.file}: {rendition.note}"
    if rendition.alone and count > 1:
        yield True, f"{picture.file} moves, so it must be the only file of its post."
    if n == rules.max_images + 1:
        yield True, f"{count} pictures; {rules.max_images} at most. Take some out."
