"""Grade a class on a Slurm cluster: python docs/examples/slurm.py SUBMISSIONS OUT [cpu|gpu]

Run it on a login node, in the kit's folder, which every node sees at the same path with its .venv:

    pip install -c constraints.txt -e '.[cluster]' && pip install dask-jobqueue

It asks Slurm for jobs of one worker process a core (or one a GPU), grades, and gives them back.
Change what your site calls its partitions, interfaces and accounts.
"""

import subprocess
import sys

from dask_jobqueue import SLURMCluster

INTERFACE = "ib0"  # the network that login node and compute nodes share: `ip address` lists them
SHAPES = {
    # processes of one thread each, so `cores` submissions at a time a job; 2 GB each
    "cpu": {"queue": "standard", "cores": 8, "processes": 8, "memory": "16GB"},
    # one process and one GPU a job: the GPU is declared to Dask and asked for from Slurm
    "gpu": {
        "queue": "gpu",
        "cores": 1,
        "processes": 1,
        "memory": "16GB",
        "worker_extra_args": ["--resources", "GPU=1"],
        "job_extra_directives": ["--gres=gpu:1", "--cpus-per-task=4"],
    },
}
JOBS = 4


def main(submissions: str, out: str, kind: str = "cpu") -> int:
    """The batch's exit code."""
    with SLURMCluster(
        **SHAPES[kind],
        interface=INTERFACE,
        local_directory="/tmp",
        walltime="04:00:00",
        job_script_prologue=["cd $SLURM_SUBMIT_DIR", ". .venv/bin/activate"],
    ) as cluster:
        cluster.scale(jobs=JOBS)  # the batch begins with the first that starts
        words = ["batch", submissions, "--out", out, "--scheduler", cluster.scheduler_address]
        device = ["--device", "cuda"] if kind == "gpu" else []
        return subprocess.run([sys.executable, "-m", "grader", *words, *device]).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
