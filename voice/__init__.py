"""How words become sound: phrases, recorded clips, the synthetic voice, its process, players.

The TV calls numbers with it, the kiosk reads its pages aloud with it.
"""
