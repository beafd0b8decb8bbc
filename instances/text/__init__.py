"""What files and command lines say: documents, numbers, generator parameters."""
