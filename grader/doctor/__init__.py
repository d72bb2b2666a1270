"""Is this machine fit to grade? Every claim is tried, not looked up where it can be tried."""
