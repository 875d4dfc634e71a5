"""What decides: one server per branch, the only one who changes anything."""
