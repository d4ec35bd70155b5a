"""The only sequences across rooms: add, check, once, the decisions that look first, the report.

What a month cost and the week's report are modules of their own: `spending` and `weekly`.
"""

from bot.flow.adding import add, read_file
from bot.flow.checking import Checked, check, check_template, examine
from bot.flow.doubts import answer_doubt, in_doubt
from bot.flow.oneround import Round, once, send_due
from bot.flow.planning import plan, refresh_templates
from bot.flow.restoring import PutBack, Reconciled, mark_restored, put_back, reconcile
from bot.flow.resuming import Shown, resume, resume_shown
from bot.flow.sheets import (
    RowPreview,
    SheetPreview,
    check_sheet,
    queue_sheet,
    read_sheet,
    read_sheet_file,
)
from bot.flow.takingdown import TakenDown, takedown
from bot.flow.writing import WEB, Author, Overtaken, change, keep_picture, write

__all__ = [
    "WEB",
    "Author",
    "Checked",
    "Overtaken",
    "PutBack",
    "Reconciled",
    "Round",
    "RowPreview",
    "SheetPreview",
    "Shown",
    "TakenDown",
    "add",
    "answer_doubt",
    "change",
    "check",
    "check_sheet",
    "check_template",
    "examine",
    "in_doubt",
    "keep_picture",
    "mark_restored",
    "once",
    "plan",
    "put_back",
    "queue_sheet",
    "read_file",
    "read_sheet",
    "read_sheet_file",
    "reconcile",
    "refresh_templates",
    "resume",
    "resume_shown",
    "send_due",
    "takedown",
    "write",
]
