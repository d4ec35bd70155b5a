"""The Imprint: the legal "Promoted by" line, and when it is added.

The line is made from settings only and stands last, on its own line, before anything is counted or
approved; nothing is added after.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.formatting import addresses
from bot.platforms.contract import Length


@dataclass(frozen=True, slots=True)
class Imprint:
    """The group's answers. No mode means always; `fallback` is where X's line stands if it must.

    `fallback` is profile, pinned, or the address of a page that shows the line; empty for none.
    """

    mode: str | None
    promoter: str = ""
    address: str = ""
    on_behalf_of: str = ""
    fallback: str = ""
    questions_open: int = 0

    @property
    def is_answered(self) -> bool:
        """Whether posts may go to live Accounts."""
        settled = self.mode == "never" or bool(self.promoter and self.address)
        return settled and not self.questions_open

    @property
    def whole_line(self) -> str:
        """The line itself, whichever post it is for; empty while its settings are."""
        if not self.promoter or not self.address:
            return ""
        behalf = f", on behalf of {self.on_behalf_of}" if self.on_behalf_of else ""
        return f"Promoted by {self.promoter}, {self.address}{behalf}."

    def line(self, election: str) -> str | None:
        """The line for a post whose author answered yes, no or unsure to the election question."""
        if self.mode == "never" or (self.mode == "election" and election == "no"):
            return None
        return self.whole_line or None

    @property
    def place(self) -> str:
        """The other place its fallback names."""
        return "link" if self.fallback.startswith("https://") else self.fallback

    @property
    def pointer(self) -> str | None:
        """What stands in a post that relies on the other place: the page's address, or nothing."""
        return self.fallback if self.place == "link" else None

    def why(self, election: str) -> str:
        """Why a post carries the line, or does not."""
        if self.mode == "election":
            return f"only posts that may sway a vote; its author said {election}"
        return {"never": "the group decided on none"}.get(self.mode or "", "on every post")


IN_POST, NOWHERE = "post", "none"
ELSEWHERE = {
    "profile": "in the account's profile",
    "pinned": "in the account's pinned post",
    "link": "on the page whose address ends the post",
}
NO_ROOM = "There is no room for the imprint in the post; it stands {place}. The bot looks daily."


def links_in(line: str, measure: Callable[[str], Length], title: str) -> list[tuple[bool, str]]:
    """Links a Platform makes of the line: whether it is a mistake, and what to do about it."""
    length = measure(line)
    slips = [
        (
            True,
            (
                f"“{written}” in the imprint lacks a space: {title} would make a dead link of it "
                f"in every post. Write “{corrected}” in the settings that begin with IMPRINT_."
            ),
        )
        for _, written, corrected in addresses.accidental_links(length)
    ]
    meant = [
        (
            False,
            (
                f"{title} makes a link of “{written}” in the imprint, and bills every post as one "
                "with a link. A postal address needs none."
            ),
        )
        for _, written in addresses.meant_bare(length)
    ]
    return slips + meant
