"""Training of the three models on data sets in our format, with ultralytics (needs the extra `train`)."""
