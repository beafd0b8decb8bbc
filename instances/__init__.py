"""What things are: source problems and training instances. Imports nothing above it."""
