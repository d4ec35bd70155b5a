"""Renders again, under changed settings, what waits and nobody has approved.

Answering the imprint questions is the usual cause: held posts get their line and wait again; words
approved before that change lose their approval. What else was approved, or may be out already,
keeps its bytes. Times and holds for other reasons stay.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.errors import PostInvalid
from bot.formatting.rendered import Rendered
from bot.intake.admission import Admission
from bot.intake.amendment import may_be_out
from bot.model.account import Account, Approval
from bot.model.delivery import Delivery, Hold
from bot.model.written import from_json
from bot.store import accounts, decisions, deliveries, posts
from bot.store.engine import Session, Store


@dataclass(frozen=True, slots=True)
class Refresher:
    """Renders with the settings of one Admission."""

    store: Store
    admission: Admission

    def refresh(self, due_before: datetime | None = None) -> int:
        """Bring what waits up to the settings of today, as far as it may be; how many changed.

        With `due_before` only what may go out before then: all of a long queue takes seconds.
        """
        with self.store.read() as session:
            stale = [
                row.id
                for row in deliveries.refreshable(session, due_before)
                if self._is_stale(session, row)
            ]
        changed = 0
        for delivery_id in stale:
            with self.store.write() as session:
                row = deliveries.get(session, delivery_id, lock=True)
                if self._is_stale(session, row):
                    self._bring_up(session, row)
                    changed += 1
        return changed

    def _owner(self, session: Session, row: Delivery) -> Account | None:
        account = accounts.by_id(session, row.account_id)
        return account if account.name in self.admission.platforms else None

    def _is_stale(self, session: Session, row: Delivery) -> bool:
        account = self._owner(session, row)
        if account is None or Hold.FILE_GONE in row.holds or may_be_out(session, row):
            return False
        if Hold.IMPRINT in row.holds and self.admission.imprint.is_answered:
            return True
        if row.approved_digest == row.variant_digest or self._is_half_out(session, row):
            return False
        rendered = self._rendered(session, row, account)
        return rendered is not None and rendered.digest != row.variant_digest

    def _rendered(self, session: Session, row: Delivery, account: Account) -> Rendered | None:
        """Its words as they would be now; None where its template cannot make them.

        Then it keeps those it has: they were right when the template was.
        """
        written = from_json(posts.get(session, row.post_id).written)
        try:
            rendered = self.admission.render(account, written, wording=row.wording)
        except PostInvalid:
            return None
        return None if written.template and rendered.errors else rendered

    def _is_half_out(self, session: Session, row: Delivery) -> bool:
        return any(part.remote_id for part in deliveries.parts(session, row.id))

    def _bring_up(self, session: Session, row: Delivery) -> None:
        if self._is_half_out(session, row):
            # Its first Part stands there for good; only what kept the others back has an answer.
            row.clear(Hold.IMPRINT)
            return
        account = accounts.by_id(session, row.account_id)
        rendered = self._rendered(session, row, account)
        if rendered is None:
            return
        if rendered.errors:
            row.hold(Hold.IMPRINT, reason=" ".join(rendered.errors)[:1000])
            return
        if rendered.digest != row.variant_digest:
            self.admission.replace_words(session, row, account, rendered)
            self._withdraw_approval(session, row, account)
        if self.admission.imprint.is_answered:
            row.clear(Hold.IMPRINT)

    def _withdraw_approval(self, session: Session, row: Delivery, account: Account) -> None:
        """Other words than the approved ones wait for approval anew, where they needed any."""
        if row.approved_digest is None:
            return
        row.approved_digest = None
        approval = decisions.last(session, row.id, decisions.APPROVALS)
        was_held = approval is not None and Hold.APPROVAL in (approval.before or {}).get(
            "holds", ()
        )
        if was_held or account.approval != Approval.OFF:
            row.hold(Hold.APPROVAL, reason="The words changed after approval.")
