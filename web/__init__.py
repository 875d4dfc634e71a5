"""Whoever comes with a browser: the manager's day, the visitor's phone, the ticket from home."""
