"""Reads data sets: pictures with what is to be seen on them, in our format or in other people's folders like it."""
