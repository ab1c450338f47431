"""How fast it is, as ratios to hand-written SQL or to bare code, measured in the same run."""
