"""The real clock, ids and password hashing behind ``server/ports.py``."""
