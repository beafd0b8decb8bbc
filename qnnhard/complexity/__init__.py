"""The complexity map: what is known about training, and where an instance lies on it."""
