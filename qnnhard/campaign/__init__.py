"""Campaigns: many tasks, several processes, and a file with which a killed run goes on."""
