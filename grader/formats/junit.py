"""JUnit XML in the form that pytest calls xunit2: GitLab, Jenkins, Artemis, test reporters.

A suite an exercise, a case a check. What earns nothing is a failure, or an error where no answer
came; ``skipped`` is only what this machine could not tell. Points stand in properties.
"""

import xml.etree.ElementTree as ET

from grader.formats.about import About
from grader.formats.outline import BROKEN, points
from grader.formats.safe import line, text
from grader.report.model import CheckReport, ExerciseReport, Report

MOST_MESSAGE = 10_000


def write(report: Report, about: About) -> bytes:
    """The file."""
    root = ET.Element("testsuites", name=line(about.assignment))
    for exercise in report.exercises:
        root.append(_suite(exercise, report, about))
    totals = {
        name: str(sum(int(suite.attrib[name]) for suite in root))
        for name in ("tests", "failures", "errors", "skipped")
    }
    root.attrib.update(totals | {"time": f"{report.duration_s:.3f}"})
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _suite(exercise: ExerciseReport, report: Report, about: About) -> ET.Element:
    suite = ET.Element("testsuite", name=exercise.name)
    found = [check for function in exercise.functions for check in function.checks]
    kinds = [_kind(check) for check in found]
    suite.attrib.update(
        errors=str(kinds.count("error")),
        failures=str(kinds.count("failure")),
        skipped=str(kinds.count("skipped")),
        tests=str(len(found)),
        time=f"{sum(check.duration_s for check in found):.3f}",
        timestamp=about.when.strftime("%Y-%m-%dT%H:%M:%S"),
        hostname="localhost",  # whose machine it was is nobody's business
    )
    about_run = {"points": points(exercise.score, exercise.max_score), "seed": str(report.seed)}
    about_run |= {"device": report.device, "sandbox": report.sandbox}
    about_run |= {"submission": report.submission}
    _properties(suite, about_run)
    for function in exercise.functions:
        for check in function.checks:
            suite.append(_case(f"{exercise.name}.{function.name}", check, about))
    return suite


def _case(classname: str, check: CheckReport, about: About) -> ET.Element:
    case = ET.Element("testcase", classname=classname, name=line(check.title))
    case.set("time", f"{check.duration_s:.3f}")
    properties = {"id": check.id, "points": points(check.score, check.points)}
    if check.diagnosis is not None:
        properties["diagnosis"] = check.diagnosis.id
    _properties(case, properties)
    kind = _kind(check)
    if kind:
        message = text(check.message, MOST_MESSAGE, about.texts)
        first = line(message.strip().partition("\n")[0])
        result = ET.SubElement(case, kind, message=first, type=check.status)
        result.text = message
    printed = about.printed.get(check.id, "")
    if printed:
        ET.SubElement(case, "system-out").text = text(printed, MOST_MESSAGE, about.texts)
    return case


def _kind(check: CheckReport) -> str:
    """The element that says it: "" for what passed."""
    if check.status in ("passed", "skipped"):
        return "" if check.status == "passed" else "skipped"
    return "error" if check.status in BROKEN else "failure"


def _properties(parent: ET.Element, values: dict[str, str]) -> None:
    properties = ET.SubElement(parent, "properties")
    for name, value in values.items():
        ET.SubElement(properties, "property", name=name, value=line(value, 1000))
