"""One module a verb, loaded when it is called."""
