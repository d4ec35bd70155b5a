"""The campaign bot: approved posts out to X and Facebook, once, on time, never in silence."""

__version__ = "0.1.0"
