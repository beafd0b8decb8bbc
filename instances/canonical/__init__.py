"""What every engine works on: a training instance with nothing twice and integers throughout."""
