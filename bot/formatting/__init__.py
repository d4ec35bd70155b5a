"""From what an author wrote to what each Platform gets. Pure functions; nothing here is sent."""
