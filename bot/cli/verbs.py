"""Every command with its one line of help, so that `bot --help` loads none of them.

A test holds each line against the command's own docstring.
"""

VERBS: dict[str, dict[str, str]] = {
    "Set up": {
        "init": "Create or upgrade the database, and say what is missing.",
        "accounts": "The X profiles and Facebook Pages we speak for.",
        "timetable": "See or change the times posts go out.",
        "doctor": "Check everything and say what is wrong.",
    },
    "Write and queue": {
        "check": "Check post files; nothing is queued.",
        "preview": "Show exactly what each account would get.",
        "add": "Queue post files and say when they go out.",
        "feeds": "Turn new articles into posts.",
    },
    "See": {
        "queue": "What is waiting and what needs you.",
        "show": "One post: its times, tries, decisions and counts.",
        "log": "The engagement log: what went out and how it did.",
        "report": (
            "What a week was, what the posts cost, where their imprint stood, and who came from "
            "them."
        ),
    },
    "Decide": {
        "approve": "Approve exactly these words.",
        "hold": "Hold a post back until you release it.",
        "release": "Let a post on hold go out, at its own time or another.",
        "cancel": "Withdraw a post that is not out yet.",
        "retry": "Try a failed post again.",
        "takedown": "Take a post that is out down again.",
        "resolve": "Say whether a post we are not sure of is up.",
        "pause": "The stop switch: send nothing until resumed.",
        "blackout": "Set quiet times, in which nothing goes out.",
        "resume": "End a pause and give new times to what it kept back.",
    },
    "Run": {
        "web": "Serve the pages where posts are written, approved and seen.",
        "people": "Let people into the web app, or no more.",
        "run": "Send what is due, now and for as long as it runs.",
        "fleet": "What runs, what waits and how late posts were.",
        "alerts": "See what was alarmed, and test whether alarms reach somebody.",
        "backup": "Copy the database while the bot runs, and check the copy.",
        "restore": "Put a backup back; paused, and nothing is sent twice.",
        "migrate-to": "Move everything into another database, such as PostgreSQL.",
        "upgrade": "Bring the database to this version, with a way back.",
        "handover": "Who holds what, and how to take over.",
        "forget": "Forget an account: its keys, and all that came from there.",
        "purge": "Let go of what is past its time; figures stay as they are.",
        "demo": "Watch posts go out on simulated platforms; nothing leaves this machine.",
        "sandbox": "Start a simulated X and Facebook to practise on.",
    },
}


def help_of(name: str) -> str | None:
    """The one line for a command; None when there is no such command."""
    return next((verbs[name] for verbs in VERBS.values() if name in verbs), None)
