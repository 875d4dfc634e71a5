"""The officer's desk at the door: receive, look at papers, and say how it goes on (S1)."""
