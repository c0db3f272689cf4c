"""Labels made by hand; see README.md in this folder."""
