"""Child processes and programs that end with this process, whatever happens."""
