"""Sends what is due, once, and finds out what became of it. Sends stored bytes only."""
