"""The visitor's hands: choose a service, take a number, hold a paper."""
