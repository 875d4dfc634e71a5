"""The rules of a branch day: pure, without clock, random or I/O; time and ids come in."""
