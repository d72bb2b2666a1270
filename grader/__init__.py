"""gatecheck: an auto-graded exercise kit for recurrent networks in PyTorch."""

__version__ = "0.1.0"
