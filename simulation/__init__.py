"""A branch made up from a seed: its people, clock, network and disk, around the shipped programs."""
