"""The YAML that describes a training, declared once and explained to the user."""
