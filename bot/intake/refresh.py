"""Renders again, under changed settings, what waits and nobody has approved.

Answering the imprint questions is the usual cause: held posts get their line and wait again. What
was approved, or may be out already, keeps its bytes. Times and holds for other reasons stay.
"""

from dataclasses import dataclass

from bot.intake.admission import Admission
from bot.model.account import Account
from bot.model.delivery import Delivery, Hold
from bot.model.written import from_json
from bot.store import accounts, deliveries, posts
from bot.store.engine import Session, Store


@dataclass(frozen=True, slots=True)
class Refresher:
    """Renders with the settings of one Admission."""

    store: Store
    admission: Admission

    def refresh(self) -> int:
        """Bring every unapproved waiting Delivery up to the settings of today; how many changed."""
        with self.store.read() as session:
            stale = [
                row.id for row in deliveries.unapproved(session) if self._is_stale(session, row)
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
        parts = deliveries.parts(session, row.id)
        if account is None or row.may_be_out or any(part.remote_id for part in parts):
            return False
        if row.approved_digest == row.variant_digest or Hold.FILE_GONE in row.holds:
            return False
        if Hold.IMPRINT in row.holds and self.admission.imprint.is_answered:
            return True
        written = from_json(posts.get(session, row.post_id).written)
        return self.admission.render(account, written).digest != row.variant_digest

    def _bring_up(self, session: Session, row: Delivery) -> None:
        account = accounts.by_id(session, row.account_id)
        written = from_json(posts.get(session, row.post_id).written)
        rendered = self.admission.render(account, written)
        if rendered.errors:
            row.hold(Hold.IMPRINT, reason=" ".join(rendered.errors)[:1000])
            return
        self.admission.replace_words(session, row, account, rendered)
        if self.admission.imprint.is_answered:
            row.clear(Hold.IMPRINT)
