"""Asking on another device than the CPU: an accelerator, or ``meta`` where there is none.

On meta tensors have no numbers, and code that reads one fails there though nothing is wrong with
it. It is asked once more where meta tensors have numbers (``sandbox/mirror.py``); what fails there
too, and not on the CPU, is at fault.
"""

from collections.abc import Callable
from typing import TypeVar

from grader.findings import CheckStopped, skip
from grader.sandbox import devices

Asked = TypeVar("Asked")


def asked_elsewhere(place: str, ask: Callable[[str], Asked]) -> Asked:
    """What ``ask`` gives on another device.

    Args:
        place: the accelerator, or "meta".
        ask: is called with ``place``; and with "mirror" and "cpu" where that tells more.

    Raises:
        CheckStopped: with what it raised there: failed, if it works on the CPU.
    """
    try:
        return ask(place)
    except CheckStopped as stopped:
        if place != "meta" or stopped.finding.code != "raised":
            raise device_finding(stopped, place) from None
    try:
        return ask(devices.MIRROR)
    except CheckStopped as stopped:
        ask(devices.CPU)  # what is wrong there as well has nothing to do with devices
        raise device_finding(stopped, place) from None


def device_finding(stopped: CheckStopped, place: str) -> CheckStopped:
    """What an exception tells that was raised on another device, but not on the CPU.

    That code works on one device only; unless torch has no such operation on an accelerator:
    skipped.
    """
    finding = stopped.finding
    if finding.code != "raised":
        return stopped
    text, kind = str(finding.fields.get("text", "")), str(finding.fields.get("type"))
    if place != "meta" and devices.lacks_operation(kind, text):
        return skip("device_lacks", device=place, text=text)
    if place == "meta" or "same device" in text or "device" in text:
        finding.code, finding.status = "device_raised", "failed"
        finding.fields["asked"] = place
    return stopped
