"""Questions: they change nothing and never enter the lane. None is answered yet."""
