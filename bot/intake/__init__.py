"""Turns files, articles and typed posts into Posts and Deliveries, or says why it cannot."""
