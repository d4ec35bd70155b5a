"""The only SQL: one query file per noun; functions take the session of an open transaction."""
