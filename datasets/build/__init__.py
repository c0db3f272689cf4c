"""Makes one data set from rendered scenes, hand-labelled pictures and reviewed samples."""
