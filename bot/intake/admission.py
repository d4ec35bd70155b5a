"""Admits a Post: renders it for each Account, checks it, and stores it with its Deliveries.

Whatever brings a post (a file, an article, later the page or a sheet) comes through here, so that
every door has the same checks. Nothing is sent or planned here: a Delivery without a typed time is
left for the planner.
"""

from dataclasses import dataclass

from bot.errors import PostInvalid
from bot.formatting.rendered import told
from bot.intake.amendment import Admitted, Amendment
from bot.intake.rendering import first_line, remarks
from bot.intake.rows import Source
from bot.model.written import Written
from bot.store.engine import Session


@dataclass(frozen=True, slots=True)
class Admission(Amendment):
    """New posts, and edits of those that are in."""

    def admit(self, session: Session, written: Written, source: Source) -> Admitted:
        """Store a new Post with a Delivery for each Account that can take it; else PostInvalid."""
        rows = self.targets(session, written)
        times = self.times(written)
        recent = self.recent(session, rows, written, None)
        rendered = {row.name: self.render(row, written, recent[row.id]) for row in rows}
        later = {row.name: self.later_wordings(row, written) for row in rows}
        drawn = {row.name: [rendered[row.name], *later[row.name]] for row in rows}
        found = told([one for each in drawn.values() for one in each], errors=True)
        errors = [said for _, said in found]
        fitting = [row for row in rows if not any(one.errors for one in drawn[row.name])]
        if not fitting:
            raise PostInvalid(" ".join(errors), line=first_line(found))
        notes = [*times.notes, *remarks(rendered.values())]
        for row in fitting:
            for one in drawn[row.name]:
                self.refuse_same(session, row, one, written, None)
            notes += self.crowded(session, row, times.due_at)
        post = self.store(session, written, source)
        made = tuple(
            self.deliver(session, post, row, rendered[row.name], written, times, source)
            for row in fitting
        )
        return Admitted(post, made, self.partly(errors, fitting), tuple(notes))
