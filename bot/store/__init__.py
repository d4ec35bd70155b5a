"""The only SQL. One query file per noun; every function takes the session of an open transaction."""
