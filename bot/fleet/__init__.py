"""Who carries hints from the sweep to the Deliverer, on one machine or on many.

The only room that knows the distributed engine, Procrastinate. Hints carry no truth: the row of a
Delivery decides, so an engine may lose one, double one or begin it late and nothing is sent twice.
"""

from bot.fleet.carrier import Carrier, LookAt, carrier_for, is_at_hand
from bot.fleet.tables import prepare, require_tables

__all__ = ["Carrier", "LookAt", "carrier_for", "is_at_hand", "prepare", "require_tables"]
