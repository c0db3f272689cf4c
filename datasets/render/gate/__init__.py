"""The gate: trucks leave washed, unwashed and muddy."""
