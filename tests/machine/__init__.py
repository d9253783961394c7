"""Real programs that tests start on free ports of this machine, and end again."""
