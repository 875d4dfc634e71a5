"""The staff's seat: signing in, calling, serving, and the keys that work from any program."""
