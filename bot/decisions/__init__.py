"""What people decide, one verb a file, each with its row in the record of Decisions."""
