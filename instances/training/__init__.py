"""Training instances: networks, parameters, data, exact evaluation, measures and files."""
