"""The pictures and videos of a post as one Platform gets them, and what keeps them from going.

Pure: files were read before, and what each Platform gets of them stands in the post.
"""

from collections.abc import Iterator

from bot.formatting.lint import Remark
from bot.model.written import Picture, Written
from bot.platforms.contract import Image, Rules

NOT_READ = "its file was not read. Save the post once more."


def images(written: Written, rules: Rules) -> tuple[Image, ...]:
    """Those that can go there, in the author's order."""
    return tuple(
        Image(one.sha256, one.mime_type, picture.alt.strip())
        for picture in written.media
        if (one := picture.renditions.get(rules.platform)) is not None and not one.problem
    )


def remarks(written: Written, rules: Rules) -> Iterator[Remark]:
    """Mistakes of this account, then what its author should know."""
    for n, picture in enumerate(written.media, 1):
        line = written.lines.get(f"media {n}")
        for is_error, said in _said(n, picture, written, rules):
            yield Remark("media", is_error, said, line)


def _said(n: int, picture: Picture, written: Written, rules: Rules) -> Iterator[tuple[bool, str]]:
    rendition = picture.renditions.get(rules.platform)
    if rendition is None:
        yield True, f"{picture.file}: {NOT_READ}"
        return
    if rendition.problem:
        yield True, f"{picture.file}: {rendition.problem}"
    if rendition.note:
        yield False, f"{picture.file}: {rendition.note}"
    if rendition.alone and len(written.media) > 1:
        yield True, f"{picture.file} moves, so it must be the only file of its post."
    if n == rules.max_images + 1:
        count = len(written.media)
        yield True, f"{count} pictures; {rules.max_images} at most. Take some out."
