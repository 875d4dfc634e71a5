"""A branch made up from a seed: people, clock, network and disk around the shipped programs."""
