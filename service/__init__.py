"""The case queue (domain, storage, API), the inspectors' pages, delivery and the command line."""
