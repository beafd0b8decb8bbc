"""Zero error over {0,1} with in-degree two, in linear time by 2-SAT."""
