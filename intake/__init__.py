"""Documents in: accepted with the time they became known, or quarantined with the reason."""
