"""Uploads the pictures of a Part one by one, in their order, before anything becomes visible.

A picture that is not to be had refuses the Part: a post is never sent without what was approved.
"""

from collections.abc import Callable

from bot.platforms.contract import Image, Outcome, PictureBytes, Prepared, Refused

NO_PICTURE = "A picture of this post is not stored any more. Add it again, or send without it."
NO_SOURCE = "This bot has nowhere to take pictures from, so the post was not sent."


def prepare_pictures(
    images: tuple[Image, ...],
    picture_bytes: PictureBytes | None,
    upload: Callable[[Image, bytes], str | Outcome],
) -> Prepared | Outcome:
    """The media ids of all pictures, or how the first that failed did."""
    if images and picture_bytes is None:
        return Refused(NO_SOURCE)
    media_ids: list[str] = []
    for image in images:
        content = picture_bytes(image) if picture_bytes is not None else None
        if content is None:
            return Refused(NO_PICTURE)
        media_id = upload(image, content)
        if not isinstance(media_id, str):
            return media_id
        media_ids.append(media_id)
    return Prepared(tuple(media_ids))
