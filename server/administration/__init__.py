"""What an administrator does at the console: devices, staff, catalogue, settings, backup, checks.

Each module does one thing to a store and returns what to say; ``server/__main__.py`` says it.
"""
