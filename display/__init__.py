"""The board and the voice: everyone's eyes and ears in the hall."""
