"""What is wrong, in plain words: the checks that `bot doctor` prints."""
