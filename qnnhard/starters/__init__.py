"""Files to begin with: a reduction, or a problem and a reduction from it, that run at once."""
