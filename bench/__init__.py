"""How fast, as ratios against what the machine can do bare; both sides in one run."""
