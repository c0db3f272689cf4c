"""The printed case file: what leaves the office, with the people in its pictures made unrecognisable."""
