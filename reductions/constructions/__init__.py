"""What constructions have in common."""
