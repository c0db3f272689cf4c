"""The command line: `dustwatch`."""
