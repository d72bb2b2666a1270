"""The grader audits itself: its checks against misconceptions and against mutants."""
