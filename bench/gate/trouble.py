class Trouble(Exception):
    """Why the gate cannot judge: place, reason and next step, for a person. Exit code 2."""
