"""What a city's cameras need: reckoned by written formulas from measured figures and named assumptions."""
