"""A deterministic simulator: the real rooms under clocks, networks and disks that one seed drives.

Nothing here knows the time or a chance but through the seed; a seed that fails, fails again.
"""
