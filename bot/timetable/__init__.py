"""When posts go out: typed local times, weekly Slots, and the planner that gives posts their time."""
