"""Types of source instances and witnesses, their files, and what solves them."""
