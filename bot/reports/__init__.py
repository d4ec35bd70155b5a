"""What people read: the Queue, a post's story, and the engagement log. Reads only."""
