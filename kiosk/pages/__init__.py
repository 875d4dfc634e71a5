"""The pages of the kiosk window, each for one thing that a visitor does or reads."""
