"""The nouns of the glossary as tables, and their allowed transitions. No queries live here."""
