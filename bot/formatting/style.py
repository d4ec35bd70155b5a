"""The group's standing choices of form, from its settings: which links are tagged, which acronyms
readers know.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.formatting.imprint import Imprint
from bot.model.written import Written


@dataclass(frozen=True, slots=True)
class Style:
    """The group's standing choices: campaigns whose links are tagged, acronyms readers know.

    Acronyms stand under the campaign whose readers know them, or under an empty name.
    """

    tagged_campaigns: frozenset[str] = frozenset()
    acronyms: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def tags(self, written: Written) -> bool:
        """Whether this post's link is tagged: as its author says, else as for its campaign."""
        if written.utm is not None:
            return written.utm
        return (written.campaign or "").casefold() in self.tagged_campaigns

    def known_to(self, written: Written, imprint: Imprint) -> frozenset[str]:
        """The acronyms that need no explanation: the group's own name is among them."""
        campaign = (written.campaign or "").casefold()
        own = re.findall(r"\w+", f"{imprint.promoter} {imprint.on_behalf_of}")
        return frozenset((*self.acronyms.get("", ()), *self.acronyms.get(campaign, ()), *own))


PLAIN = Style()
