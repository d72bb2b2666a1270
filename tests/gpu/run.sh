#!/usr/bin/env bash
# Everything that wants a real accelerator, in one command of under five minutes, on a machine
# that has torch, the kit's packages and a card:
#
#     bash tests/gpu/run.sh [--device cuda] [--out docs/figures/gpu.json] [--seconds 270]
#
# What was measured is written as it comes, so that a run that is cut short has told something.
set -u
cd "$(dirname "$0")/../.."
exec "${PYTHON:-python3}" -m tests.gpu.run "$@"
