"""What runs in the sandbox beside submissions and is none: it carries out what they recorded."""
