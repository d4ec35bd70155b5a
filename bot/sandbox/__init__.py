"""Simulated X and Facebook that speak the real wire formats, on loopback only.

Everything that publishes in a demo, an acceptance test or a bench publishes here. Nothing in this
room imports the rest of the bot, so the simulator cannot share a mistake with what it checks, and
nothing it does leaves this machine.
"""

from bot.sandbox.ledger import Attached, Entry, Ledger
from bot.sandbox.sandbox import Sandbox

__all__ = ["Attached", "Entry", "Ledger", "Sandbox"]
