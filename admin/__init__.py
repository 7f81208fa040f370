"""The coordinators' pages. For now coordinators work with the command line: app/commands."""
