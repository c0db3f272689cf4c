"""The one YAML file: sites, cameras, zones and rules."""
