"""Many submissions at once: finding them, grading them on all cores, keeping what comes out."""
