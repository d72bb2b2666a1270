"""What was reached in earlier runs, kept beside the project for its owner's eyes only."""
