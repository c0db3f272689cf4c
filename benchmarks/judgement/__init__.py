"""How well the three rules judge rendered stories that nothing was trained or tuned on."""
