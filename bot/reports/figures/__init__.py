"""What the counts say: by group, by period, by hour; never a person, never a guess.

A figure that cannot be given carries its reason. Views of two Platforms are never added up.
"""
