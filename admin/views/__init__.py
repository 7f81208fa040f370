"""The pages of the coordinators, one file for each thing that they show."""
