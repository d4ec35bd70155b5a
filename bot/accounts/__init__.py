"""What is known of each Account: whether it is on, who it is, and what the Platform says of it."""
