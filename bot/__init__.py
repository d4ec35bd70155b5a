"""The campaign bot: approved posts out to X and a Facebook Page, once, on time, and never in silence."""

__version__ = "0.1.0"
