"""What a worker must be allowed for its device, as data: files, limits, environment.

A driver talks to its hardware through device files, maps far more address space than there is
memory, starts threads of its own and keeps many files open. Nothing else is opened for it: the
submission's files, signals, sockets and new programs stay as closed as on a CPU.
"""

import dataclasses
import glob
import os
import stat

from grader.sandbox import limits

# Which devices and drivers this process may use. Nothing secret; it is what the user chose.
VARIABLES = (
    *("CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "NVIDIA_VISIBLE_DEVICES"),
    *("HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES", "HSA_OVERRIDE_GFX_VERSION"),
    *("ZE_AFFINITY_MASK", "ONEAPI_DEVICE_SELECTOR"),
)
SETTINGS = {
    "CUDA_CACHE_DISABLE": "1",  # a worker can write no files
    "CUBLAS_WORKSPACE_CONFIG": ":4096:8",  # one seed, one result
    "PYTORCH_ENABLE_MPS_FALLBACK": "1",  # what Metal lacks is computed on the CPU
}


@dataclasses.dataclass(frozen=True)
class Access:
    """Files that may be read, or read and written, and the limits of a worker.

    Patterns are as in ``glob``. ``address_space`` is in bytes beyond what is mapped already; None
    is no limit.
    """

    readable: tuple[str, ...] = ()
    writable: tuple[str, ...] = ()
    address_space: int | None = None
    tasks: int = limits.DEVICE_TASKS
    open_files: int = limits.DEVICE_OPEN_FILES

    def existing(self) -> tuple[list[str], list[str]]:
        """The paths that this machine has: to read, and to read and write."""
        return _existing(self.readable), _existing(self.writable)


_CPU = Access((), (), limits.ADDRESS_SPACE_BYTES, limits.TASKS, limits.OPEN_FILES)
_DRI = ("/sys/class/drm", "/sys/dev/char", "/sys/bus/pci", "/sys/devices/pci*")
_BY_KIND = {
    "cpu": _CPU,
    "cuda": Access(  # NVIDIA's driver, and AMD's, which torch calls cuda too
        readable=(
            *("/proc/driver/nvidia", "/proc/devices", "/proc/modules", "/proc/sys/vm"),
            *("/sys/module/nvidia*", "/sys/module/amdgpu", "/sys/class/kfd"),
            "/sys/devices/virtual/kfd",
            *_DRI,
            *("/etc/nvidia*", "/usr/share/nvidia", "/usr/local/nvidia", "/usr/local/cuda*"),
            *("/opt/rocm*", "/opt/amdgpu", "/usr/share/libdrm"),
        ),
        writable=("/dev/nvidia*", "/proc/driver/nvidia*", "/dev/kfd", "/dev/dri"),
    ),
    "xpu": Access(
        readable=(*_DRI, "/sys/module/i915", "/sys/module/xe", "/etc/OpenCL", "/opt/intel"),
        writable=("/dev/dri",),
    ),
    "mps": Access(),  # macOS has none of the layers that would need to know
}


def access_for(device: str) -> Access:
    """What a worker needs that runs on ``device``; an unknown kind gets no file and no limit."""
    return _BY_KIND.get(device.partition(":")[0], Access())


def groups_of(paths: list[str]) -> list[int]:
    """The groups that own device files which only they may write, as /dev/dri/renderD128."""
    found = set()
    for path in paths:
        inside = sorted(glob.glob(f"{path}/*")) if os.path.isdir(path) else [path]
        for file in inside:
            status = os.stat(file)
            shared = status.st_mode & stat.S_IWGRP and not status.st_mode & stat.S_IWOTH
            if stat.S_ISCHR(status.st_mode) and shared and status.st_gid:
                found.add(status.st_gid)
    return sorted(found)


def _existing(patterns: tuple[str, ...]) -> list[str]:
    return sorted({path for pattern in patterns for path in glob.glob(pattern)})
