"""Counts what became of sent posts, at set ages; counts only, never people."""
