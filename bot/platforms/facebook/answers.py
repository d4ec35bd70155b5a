"""Every answer of Facebook to a post that is known, as one table by code and subcode, with sources.

Data only; `classify` reads it, top down: rows with subcodes stand above the one for their code
alone. Message texts and HTTP statuses are not looked at. What no row knows is unclear.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.platforms.answers import Answer, Meaning, Source, Told

DUPLICATE, REFUSED, BLOCKED = Meaning.DUPLICATE, Meaning.REFUSED, Meaning.BLOCKED
LIMITED, UNCLEAR = Meaning.LIMITED, Meaning.UNCLEAR

NOVEMBER = date(2026, 11, 23)
GRAPH = "https://developers.facebook.com/docs/graph-api"
ERRORS = Source(f"{GRAPH}/guides/error-handling", NOVEMBER)
PAGE_CODES = Source("https://developers.facebook.com/documentation/pages-api/error-codes", NOVEMBER)
TOKENS = Source(f"{GRAPH}/guides/error-handling, authentication subcodes; idno#765", NOVEMBER)
LIMITS = Source(f"{GRAPH}/overview/rate-limiting", NOVEMBER)
VERSIONS = Source(f"{GRAPH}/guides/versioning, mobolic/facebook-sdk#527", NOVEMBER)
SECRETS = Source(f"{GRAPH}/guides/secure-requests, sns-sdks/python-facebook#101", NOVEMBER)
POSTIZ = Source("gitroomhq/postiz-app, facebook.provider.ts", NOVEMBER)
TOO_QUICK = Source("gitroomhq/postiz-app#2068, nov/fb_graph#303", NOVEMBER)
DUPLICATES = Source("arsduo/koala#422", NOVEMBER)
PUBLISHED_ALL_THE_SAME = Source("arsduo/koala#699, arsduo/koala#397", NOVEMBER)
NOT_JSON_AT_ALL = Source("mobolic/facebook-sdk#286, #303, #125; mgp25#1209", NOVEMBER)
CREATED = Source("https://developers.facebook.com/docs/pages-api/posts", NOVEMBER)

AGAIN = "Connect the Page again."
LOOKS_FIRST = "The bot looks at the Page before it sends anything again; just wait."
SIGNED_OUT = Told("Facebook does not accept the Page's token any more.", AGAIN)
APP_REMOVED = Told("The app was removed from Facebook's settings.", AGAIN)
CHECKPOINT = Told(
    "Facebook wants the token's owner to sign in and confirm.",
    "Do that, then connect the Page again.",
)
OWNER_CHANGED = Told("The token's owner changed their Facebook password.", AGAIN)
EXPIRED = Told("The Page's token has expired.", "Connect the Page again, with a long-lived token.")
ROLE_LOST = Told(
    "The token's owner has no role on the Page any more.",
    "Give them one, then connect the Page again.",
)
A_PERSONS = Told("This is a person's token; a Page's token is needed.", AGAIN)
NO_PERMISSION = Told(
    "The app lacks a permission for the Page (pages_manage_posts).",
    "Connect the Page again and allow all it asks for.",
)
NO_PAGE = Told("Facebook does not find the Page.", "Check FACEBOOK_PAGE_ID and the Page's token.")
AUTHORIZE = Told(
    "Facebook wants the Page's managers to complete the Page publishing authorization.",
    "Sign in at facebook.com and complete it.",
)
CONFIRM_IDENTITY = Told(
    "Facebook wants the Page's manager to confirm who they are.",
    "Sign in at facebook.com and follow what it asks.",
)
LIMITED_DAYS = Told(
    "Facebook has limited this Page for some days.",
    "Sign in at facebook.com to see until when.",
)
PROOF_WANTED = Told(
    "Facebook refuses the app's calls; most often it wants proof of the app's secret with each.",
    "Switch off Require App Secret in the Meta app's advanced settings.",
)
TOO_FAST = Told(
    "Facebook says this Page posts too fast.", "Just wait; the bot goes on after a rest."
)
BLOCKED_NOW = Told(
    "Facebook has blocked this action for now.",
    "Sign in at facebook.com and look at the Page's notices.",
)
FLAGGED = Told(
    "Facebook's filters do not accept this content.", "Change the words or the link, and try again."
)
TOO_MANY = Told(
    "Facebook asks for a break: too many requests.", "Just wait; the bot goes on after it."
)
TWICE = Told(
    "Facebook says this post is already there.",
    "Look at the Page; if it is not there, change a word and try again.",
)
BAD_LINK = Told(
    "Facebook cannot read the link.", "Open it yourself; put it right, or send it without."
)
BAD_PICTURE = Told("Facebook does not accept a picture.", "Use JPG or PNG below 4 MB.")
INVALID = Told("Facebook says the post is not valid.", "Change what it names, and try again.")
OLD_VERSION = Told(
    "Facebook no longer answers this Graph version.", "Raise FACEBOOK_GRAPH_VERSION."
)
MAY_BE_DONE = Told(
    "Facebook reported a fault of its own; the post may be there all the same.", LOOKS_FIRST
)
INCOMPLETE = Told("Facebook's answer was incomplete or not in its own format.", LOOKS_FIRST)
NO_ID = Told("Facebook said yes but named no post.", LOOKS_FIRST)
CONTRADICTION = Told("Facebook's answer contradicts itself: it says both yes and no.", LOOKS_FIRST)
NO_REASON = Told("Facebook said no without saying why.", LOOKS_FIRST)
NEW = Told("Facebook gave an answer nobody has seen before.", LOOKS_FIRST)


@dataclass(frozen=True, slots=True)
class Row(Answer):
    """One line of the table; without subcodes or a type it holds for any."""

    codes: frozenset[int]
    subcodes: frozenset[int] = frozenset()
    kind: str = ""

    def matches(self, code: int, subcode: int | None, kind: str) -> bool:
        """Whether code, subcode and type are this row's."""
        return (
            code in self.codes
            and (not self.subcodes or subcode in self.subcodes)
            and (not self.kind or kind == self.kind)
        )


def _row(
    codes: Iterable[int],
    meaning: Meaning,
    told: Told,
    source: Source,
    *subcodes: int,
    kind: str = "",
) -> Row:
    return Row(meaning, told, source, frozenset(codes), frozenset(subcodes), kind)


TOKEN_CODES = (190, 102)
PERMISSION_CODES = (3, 10, *range(200, 300))
THROTTLE_CODES = (4, 17, 32, 341, 613, *range(80_001, 80_010), 80_014)
MISSING = (100, 33)

TABLE = (
    _row(TOKEN_CODES, BLOCKED, APP_REMOVED, TOKENS, 458),
    _row(TOKEN_CODES, BLOCKED, CHECKPOINT, TOKENS, 459, 464),
    _row(TOKEN_CODES, BLOCKED, OWNER_CHANGED, TOKENS, 460),
    _row(TOKEN_CODES, BLOCKED, EXPIRED, TOKENS, 463),
    _row(TOKEN_CODES, BLOCKED, ROLE_LOST, TOKENS, 490, 492),
    _row(TOKEN_CODES, BLOCKED, A_PERSONS, PAGE_CODES, 2069032),
    _row(TOKEN_CODES, BLOCKED, SIGNED_OUT, TOKENS),
    _row(PERMISSION_CODES, BLOCKED, AUTHORIZE, PAGE_CODES, 1404078),
    _row(PERMISSION_CODES, BLOCKED, A_PERSONS, PAGE_CODES, 2069030, 2069031, 2069032, 2069033),
    _row(PERMISSION_CODES, BLOCKED, NO_PERMISSION, ERRORS),
    _row((368,), DUPLICATE, TWICE, DUPLICATES, 1404082),
    _row((368,), LIMITED, TOO_FAST, TOO_QUICK, 1390008),
    _row((368,), BLOCKED, CONFIRM_IDENTITY, POSTIZ, 4854002),
    _row((368,), BLOCKED, LIMITED_DAYS, POSTIZ, 1404112),
    _row((368,), REFUSED, FLAGGED, POSTIZ, 1346003, 1404102, 1404006),
    _row((368,), BLOCKED, BLOCKED_NOW, ERRORS),
    _row(THROTTLE_CODES, LIMITED, TOO_MANY, LIMITS),
    _row((506,), DUPLICATE, TWICE, ERRORS),
    _row((100,), DUPLICATE, TWICE, POSTIZ, 1366051, 1455006),
    _row((1366051, 1455006), DUPLICATE, TWICE, POSTIZ),
    # The only object a post names is the Page itself.
    _row((100,), BLOCKED, NO_PAGE, ERRORS, MISSING[1]),
    _row((100,), REFUSED, BAD_LINK, POSTIZ, 1609005, 1609008, 2061006),
    _row((100,), REFUSED, BAD_PICTURE, POSTIZ, 1366046),
    _row((100,), REFUSED, INVALID, POSTIZ, 1349125, 2069019),
    _row((1609005, 1609008, 2061006), REFUSED, BAD_LINK, POSTIZ),
    _row((1366046,), REFUSED, BAD_PICTURE, POSTIZ),
    _row((100,), BLOCKED, PROOF_WANTED, SECRETS, kind="GraphMethodException"),
    _row((100, 1349125, 2069019), REFUSED, INVALID, ERRORS),
    _row((12, 2635), BLOCKED, OLD_VERSION, VERSIONS),
    # Faults of Facebook's own, whatever its documents say of sending again: posts came with them.
    _row((1, 2, 99, 960, 1363047, 1609010), UNCLEAR, MAY_BE_DONE, PUBLISHED_ALL_THE_SAME),
)

# Shapes that say nothing, whatever the code beside them.
NOT_JSON = Answer(UNCLEAR, INCOMPLETE, NOT_JSON_AT_ALL)
A_SERVER_FAULT = Answer(UNCLEAR, MAY_BE_DONE, PUBLISHED_ALL_THE_SAME)
YES_WITHOUT_ID = Answer(UNCLEAR, NO_ID, CREATED)
YES_AND_NO = Answer(UNCLEAR, CONTRADICTION, CREATED)
NO_WITHOUT_REASON = Answer(UNCLEAR, NO_REASON, ERRORS)
NOT_IN_TABLE = Answer(UNCLEAR, NEW, ERRORS)
