"""Sites to judge the rules by: cameras, colours and light that neither training nor the demonstration has."""
