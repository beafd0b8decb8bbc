"""All small sources of a type, up to isomorphism."""
