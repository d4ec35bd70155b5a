"""When posts go out: weekly Slots, and the planner that gives posts their time."""
