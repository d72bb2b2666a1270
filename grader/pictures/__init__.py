"""Pictures for the report: what a submission computes, beside the reference, drawn on this side."""
