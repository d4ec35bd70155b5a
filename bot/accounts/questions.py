"""The questions a group answers once, before anything goes to a live account.

Legal information, never advice: what the law asks of this group, a person decides, if need be with
the Electoral Commission. The answers are kept with who gave them; they propose IMPRINT_MODE and
decide nothing else. Source: Elections Act 2022, Part 6, and the Electoral Commission's guidance on
digital imprints, read 2026-11-23 through the project's fact sheet.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import UsageError

YES, NO, UNSURE = "yes", "no", "unsure"
YES_NO = (YES, NO, UNSURE)
LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its key, its words, why it is asked, and the answers it takes (any words)."""

    key: str
    asks: str
    because: str
    takes: tuple[str, ...] = ()


QUESTIONS = (
    Question(
        "registered",
        "Is the group registered with the Electoral Commission (party, candidate, campaigner)?",
        "Registered campaigners must put the imprint on unpaid posts about elections, too.",
        YES_NO,
    ),
    Question(
        "on-behalf",
        "Will you ever post on behalf of an MP, a candidate or a party?",
        "Then their name and address stand in the imprint: IMPRINT_ON_BEHALF_OF.",
        YES_NO,
    ),
    Question(
        "boost",
        "Will anyone pay to boost a post?",
        "Paid political posts need the imprint, whoever publishes them. The bot never boosts.",
        YES_NO,
    ),
    Question(
        "devolved",
        "Will any post be about a Scottish or Welsh election?",
        "In Scotland every organisation's unpaid posts about elections need the imprint.",
        YES_NO,
    ),
    Question(
        "without-approval",
        "Will posts go out that no person approved one by one (files, articles)?",
        "X then asks for its Automated label and a human-managed account linked to it.",
        YES_NO,
    ),
    Question(
        "contact",
        "Who answers questions and complaints about people's data, and where is your notice?",
        "Both platforms and the law ask for one. A role and an address are enough.",
    ),
    Question(
        "retention",
        "How long do you keep posts and counts (for example: 6 years)?",
        "Long enough to prove what was published, and no longer than you need.",
    ),
    Question(
        "stop-switch",
        "Who may stop the bot, and who is told when something is wrong?",
        "Name a role and a deputy. bot pause works for anyone on this machine.",
    ),
    Question(
        "money",
        "How much may X cost in a month, in dollars (for example: 25; or: no limit)?",
        "Put the same figure into X_MONTHLY_BUDGET_USD; the bot keeps to it.",
    ),
    Question(
        "pictures",
        "Do you have the right to use the pictures and articles you will post?",
        "The bot cannot know. Keep each picture's credit in its post.",
        YES_NO,
    ),
)
BY_KEY = {question.key: question for question in QUESTIONS}
NOT_NO = "“%(question)s” is not answered with no."
OF_EACH = "Then it is asked of each post whether it may sway a vote."
# Any of these answered yes or unsure, and the imprint belongs on every post.
ASK_FOR_ALWAYS = ("registered", "on-behalf", "boost", "devolved")


def accepted(key: str, said: str) -> str:
    """The answer as it is kept; UsageError says what would be one."""
    question = BY_KEY.get(key)
    if question is None:
        raise UsageError(f"There is no question “{key}”. Questions: {', '.join(BY_KEY)}.")
    words = " ".join(said.split())
    if question.takes:
        words = words.lower()
        if words not in question.takes:
            raise UsageError(f"{key} is answered with {', '.join(question.takes)}.")
    if not words or len(words) > LONGEST:
        raise UsageError(f"{key}: write an answer of at most {LONGEST:,} characters.")
    return words


def still_open(answers: Mapping[str, str]) -> list[Question]:
    """The questions nobody has answered yet."""
    return [question for question in QUESTIONS if question.key not in answers]


def asking_for_always(answers: Mapping[str, str]) -> Question | None:
    """The first question, answered or open, for which the imprint belongs on every post."""
    return next((BY_KEY[key] for key in ASK_FOR_ALWAYS if answers.get(key) != NO), None)


def proposed_mode(answers: Mapping[str, str]) -> tuple[str, str]:
    """The IMPRINT_MODE the answers point to, and why; always while one of them is open."""
    question = asking_for_always(answers)
    if question is not None:
        return "always", NOT_NO % {"question": question.asks}
    return "election", OF_EACH
