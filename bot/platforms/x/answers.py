"""Every answer of X to a post that is known, as one table read top down, with its source.

Data only; `classify` reads it. What no row knows may have been carried out and is unclear. Numbers
are those of X's older error bodies, which still turn up inside the newer ones.
"""

import re
from dataclasses import dataclass
from datetime import date

from bot.platforms.answers import Answer, Meaning, Source, Told

DUPLICATE, REFUSED, BLOCKED = Meaning.DUPLICATE, Meaning.REFUSED, Meaning.BLOCKED
LIMITED, UNCLEAR = Meaning.LIMITED, Meaning.UNCLEAR

NOVEMBER = date(2026, 11, 23)
CODES = Source("https://developer.x.com/en/support/x-api/error-troubleshooting", date(2026, 11, 25))
LIMITS = Source("https://docs.x.com/x-api/fundamentals/rate-limits", NOVEMBER)
AUTOMATION = Source("https://docs.x.com/x-api/posts/create-post", NOVEMBER)
PROBLEMS = Source("X's OpenAPI description 2.159, problem types", NOVEMBER)
PLAYGROUND = Source("xdevplatform/playground, handlers_unified.go and auth.go", NOVEMBER)
DUPLICATES = Source("iembot#163, plhery/node-twitter-api-v2#469", NOVEMBER)
CREDITS = Source("tryethernal/ethernal#1314, #1324, #1336", NOVEMBER)
SPENDING = Source("tests of other projects; no live answer seen", NOVEMBER)
PERMISSIONS = Source("xdevplatform/samples#141", NOVEMBER)
ENROLMENT = Source("xdevplatform/samples#58 and #150, twitter-together/action#255", NOVEMBER)
PLANS = Source("tweepy#2148, tweepy#2144", NOVEMBER)
SUSPENSIONS = Source("iembot, twitter.py", NOVEMBER)
GENERIC = Source("contentport#49", NOVEMBER)
LENGTHS = Source("reports of tweepy's users; twitter/twitter-text for the rule", NOVEMBER)
OVERLOAD = Source("iembot#171, tweepy#2237", NOVEMBER)
HTML = Source("iembot GH173 (_safe_json)", NOVEMBER)
CUT = Source("tweepy#1606, sferik/x-ruby#24; cut replies tried on loopback", NOVEMBER)
CREATED = Source("https://docs.x.com/x-api/posts/create-post", NOVEMBER)

LOOKS_FIRST = "The bot looks at the timeline before it sends anything again; just wait."
NO_KEYS = Told(
    "X does not accept this account's keys.", "Make new ones and put them in the settings."
)
NO_CREDIT = Told("The X developer account has no credit left.", "Buy credit at console.x.com.")
SPENT = Told("X's spending limit for this month is reached.", "Raise it at console.x.com, or wait.")
READ_ONLY = Told(
    "The X keys may only read.", "Give the app Read and Write, then make new access tokens."
)
NOT_ENROLLED = Told("The X app may not use this API.", "Put it into a project at console.x.com.")
WRONG_KEYS = Told(
    "These are X keys of a kind that cannot post.", "Use the four keys of the account."
)
NO_ACCESS = Told(
    "The X app's plan does not include posting.", "Look at its access at console.x.com."
)
NO_WRITING = Told("X has stopped this app from posting.", "Look what it asks for at console.x.com.")
SUSPENDED = Told("X has suspended this account.", "Only X can lift that: appeal at help.x.com.")
LOCKED = Told("X has locked this account for now.", "Sign in at x.com and follow what it asks.")
AUTOMATED = Told(
    "X takes this account for an unwanted machine.",
    "Sign in at x.com, follow what it asks, and check the Automated label.",
)
TWICE = Told(
    "X says this text is already there.",
    "Look at the timeline; if it is not there, change a word and try again.",
)
TOO_LONG = Told(
    "X says the text is too long.", "Shorten it, write `x:` for X alone, or make it a thread."
)
NOT_ALLOWED = Told(
    "X does not allow this post: too long for this account, or the account is restricted.",
    "Shorten it, and sign in at x.com to see whether something is asked there.",
)
NO_REPLY = Told("X does not allow a reply there.", "Send it as a post of its own.")
NO_QUOTE = Told("X does not allow quoting that post.", "Take the quoted post out.")
REPLY_GONE = Told(
    "The post this one answers is no longer there.", "Send the rest as a post of its own."
)
BAD_MEDIA = Told(
    "X does not accept the pictures.", "Use JPG or PNG below 5 MB, or send it without them."
)
INVALID = Told("X says the post is not valid.", "Change what it names, and try again.")
CAPPED = Told(
    "The X app has used up what it may do this month.",
    "Raise its cap at console.x.com, or wait for the next month.",
)
DAY_IS_FULL = Told(
    "This account has posted as much as X allows in a day.", "Just wait; it is tried again."
)
TOO_MANY = Told(
    "X asks for a break: too many requests.", "Just wait; the bot goes on when X allows it."
)
BROKEN = Told("X had a fault of its own; the post may be there all the same.", LOOKS_FIRST)
INCOMPLETE = Told("X's answer was incomplete or not in its own format.", LOOKS_FIRST)
NO_ID = Told("X said yes but named no post.", LOOKS_FIRST)
CONTRADICTION = Told("X's answer contradicts itself: it says both yes and no.", LOOKS_FIRST)
NEW = Told("X gave an answer nobody has seen before.", LOOKS_FIRST)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The parts of an error body that the table looks at."""

    status: int
    problem: str
    codes: frozenset[int]
    text: str


@dataclass(frozen=True, slots=True)
class Row(Answer):
    """One line of the table: it holds when the status fits and one of its marks does, if any."""

    statuses: tuple[int, ...]
    problem: str = ""
    codes: tuple[int, ...] = ()
    pattern: str = ""

    def matches(self, evidence: Evidence) -> bool:
        """Whether the status fits and at least one of the marks given does too."""
        if evidence.status not in self.statuses:
            return False
        marks = (
            bool(self.problem) and self.problem in evidence.problem,
            bool(self.codes) and not evidence.codes.isdisjoint(self.codes),
            bool(self.pattern)
            and re.search(self.pattern, evidence.text, re.IGNORECASE) is not None,
        )
        return any(marks) or not (self.problem or self.codes or self.pattern)


TABLE = (
    Row(DUPLICATE, TWICE, DUPLICATES, (403,), codes=(187,), pattern=r"duplicate content|is a dup"),
    Row(BLOCKED, NO_KEYS, PLAYGROUND, (401,)),
    Row(BLOCKED, NO_CREDIT, CREDITS, (402,)),
    Row(BLOCKED, SPENT, SPENDING, (403,), pattern=r"spending limit"),
    Row(BLOCKED, NO_CREDIT, CREDITS, (403,), "credits", (), r"does not have any credits"),
    Row(BLOCKED, READ_ONLY, PERMISSIONS, (403,), "oauth1-permissions"),
    Row(BLOCKED, NOT_ENROLLED, ENROLMENT, (403,), "client-forbidden", (), r"client-not-enrolled"),
    Row(BLOCKED, WRONG_KEYS, PLAYGROUND, (403,), "unsupported-authentication"),
    Row(BLOCKED, NO_ACCESS, PLANS, (403,), codes=(453,)),
    Row(BLOCKED, NO_WRITING, CODES, (403,), codes=(261,)),
    Row(BLOCKED, SUSPENDED, SUSPENSIONS, (403,), "suspended", (63, 64), r"\bsuspended\b"),
    Row(BLOCKED, LOCKED, CODES, (403,), codes=(326,), pattern=r"temporarily locked"),
    Row(BLOCKED, AUTOMATED, CODES, (403,), codes=(226,)),
    Row(LIMITED, DAY_IS_FULL, CODES, (403,), codes=(185,)),
    Row(REFUSED, TOO_LONG, LENGTHS, (400, 403), codes=(186,), pattern=r"text is too long"),
    Row(REFUSED, REPLY_GONE, CODES, (400, 403), codes=(385,), pattern=r"deleted or not visible"),
    Row(
        REFUSED,
        NO_REPLY,
        AUTOMATION,
        (403,),
        codes=(433,),
        pattern=r"reply to this conversation is not",
    ),
    Row(REFUSED, NO_QUOTE, AUTOMATION, (403,), pattern=r"quoting this post is not allowed"),
    Row(REFUSED, NOT_ALLOWED, GENERIC, (403,), pattern=r"not permitted to perform this action"),
    Row(REFUSED, BAD_MEDIA, PLAYGROUND, (400,), pattern=r"media ids are invalid"),
    Row(REFUSED, INVALID, PLAYGROUND, (400,), "invalid-request"),
    Row(LIMITED, CAPPED, PROBLEMS, (429,), "usage-capped", (), r"usage cap exceeded"),
    Row(LIMITED, SPENT, SPENDING, (429,), pattern=r"spending limit"),
    Row(LIMITED, TOO_MANY, LIMITS, (429,)),
    Row(UNCLEAR, BROKEN, OVERLOAD, tuple(range(500, 600))),
)

# Shapes that say nothing, whatever the status beside them.
NOT_JSON = Answer(UNCLEAR, INCOMPLETE, HTML)
CUT_SHORT = Answer(UNCLEAR, INCOMPLETE, CUT)
YES_WITHOUT_ID = Answer(UNCLEAR, NO_ID, CREATED)
YES_AND_NO = Answer(UNCLEAR, CONTRADICTION, CREATED)
NOT_IN_TABLE = Answer(UNCLEAR, NEW, CODES)
