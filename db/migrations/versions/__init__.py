"""Each version of the tables, in order."""
