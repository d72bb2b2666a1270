"""Checkers of the formats that other services read, written from their documentation.

Each takes a file's bytes and fails with an assertion; none shares code with what wrote them.
"""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from typing import Any

VISIBILITY = {"hidden", "after_due_date", "after_published", "visible"}
TEXT_FORMATS = {"text", "html", "simple_format", "md", "ansi"}
UTC = re.compile(r"\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ")
FORMULA = tuple("=+-@\t\r＝＋－＠")


def is_number(value: Any) -> bool:
    """A JSON number that is no truth value."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def only(found: dict[str, Any], **kinds: Any) -> None:
    """Every field is known, and of its kind."""
    for name, value in found.items():
        kind = kinds[name]
        assert is_number(value) if kind is float else isinstance(value, kind), (name, value)


def decoded(content: bytes) -> Any:
    """JSON as strict as the strictest reader: no NaN, no key twice, no stray control character."""

    def refuse(word: str) -> None:
        raise AssertionError(word)

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    found = json.loads(content.decode(), parse_constant=refuse, object_pairs_hook=unique)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]",
                         json.dumps(found, ensure_ascii=False))  # fmt: skip
    return found


def junit(content: bytes) -> ET.Element:
    """The attributes and the order of elements that pytest's xunit2 and Jenkins's schema have."""
    root = ET.fromstring(content.decode())
    assert root.tag == "testsuites" and set(root.attrib) <= {
        *("name", "time", "tests", "failures", "errors", "skipped")
    }
    for suite in root:
        assert suite.tag == "testsuite"
        counted = ("errors", "failures", "skipped", "tests")
        assert set(suite.attrib) == {"name", "time", "timestamp", "hostname", *counted}
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.attrib["timestamp"])
        cases = suite.findall("testcase")
        children = [child.tag for case in cases for child in case]
        numbers = {name: int(suite.attrib[name]) for name in counted}
        assert numbers["tests"] == len(cases)
        assert numbers["failures"] == children.count("failure")
        assert numbers["errors"] == children.count("error")
        assert numbers["skipped"] == children.count("skipped")
        names = [(case.attrib["classname"], case.attrib["name"]) for case in cases]
        assert len(set(names)) == len(names)
        for case in cases:
            _junit_case(case)
    return root


def _junit_case(case: ET.Element) -> None:
    assert set(case.attrib) == {"classname", "name", "time"} and float(case.attrib["time"]) >= 0
    tags = [child.tag for child in case]
    order = ["properties", "skipped", "error", "failure", "system-out", "system-err"]
    assert tags == sorted(tags, key=order.index) and len(set(tags)) == len(tags)
    for child in case:
        if child.tag in ("failure", "error", "skipped"):
            assert set(child.attrib) == {"message", "type"}
        elif child.tag == "properties":
            assert all(set(p.attrib) == {"name", "value"} for p in child)


def gradescope(content: bytes) -> dict[str, Any]:
    """The specification of results.json: fields, kinds, and the words that are allowed."""
    found = decoded(content)
    only(found, score=float, execution_time=float, output=str, output_format=str,
         test_output_format=str, test_name_format=str, visibility=str, stdout_visibility=str,
         extra_data=dict, tests=list, leaderboard=list)  # fmt: skip
    assert "score" in found or all("score" in test for test in found["tests"])
    assert {found["visibility"], found["stdout_visibility"]} <= VISIBILITY
    for test in found["tests"]:
        only(test, score=float, max_score=float, status=str, name=str, name_format=str,
             number=str, output=str, output_format=str, tags=list, visibility=str,
             extra_data=dict)  # fmt: skip
        assert test["status"] in ("passed", "failed")
        assert 0 <= test["score"] <= test["max_score"]
        assert all(isinstance(tag, str) for tag in test["tags"])
    formats = [f for each in [found, *found["tests"]] for n, f in each.items() if "_format" in n]
    assert set(formats) <= TEXT_FORMATS
    return found


def classroom50(content: bytes) -> dict[str, Any]:
    """The contract of result.json, v1: closed at the top, whole points, cross-checked sums."""
    found = decoded(content)
    needed = {
        *("schema", "classroom", "assignment", "assignment_type", "owner", "submission", "commit"),
        *("release", "review", "datetime", "score", "max-score", "tests"),
    }
    assert needed <= set(found) <= needed | {"graded_at", "submitted_by"}
    assert found["schema"] == "classroom50/result/v1"
    assert found["assignment_type"] in ("individual", "group")
    for name in ("classroom", "assignment", "owner", "commit", "release", "review"):
        assert isinstance(found[name], str) and found[name]
    assert found["submission"].startswith("submit/")
    assert UTC.fullmatch(found["datetime"]) and UTC.fullmatch(found["graded_at"])
    for each in [found, *found["tests"]]:
        assert type(each["score"]) is int and type(each["max-score"]) is int
        assert 0 <= each["score"] <= each["max-score"]
    for test in found["tests"]:
        assert isinstance(test["test-name"], str) and test["test-name"]
        assert isinstance(test["passed"], bool)
    return found


def exercism(content: bytes) -> dict[str, Any]:
    """The interface of a test runner, version 3, and the limits of its files."""
    assert len(content) <= 500_000
    found = decoded(content)
    assert set(found) == {"version", "status", "message", "tests"} and found["version"] == 3
    assert found["status"] in ("pass", "fail", "error")
    assert isinstance(found["message"], str) == (found["status"] == "error")
    assert len(found["message"] or "") <= 65_535
    for test in found["tests"]:
        only(test, name=str, status=str, message=(str, type(None)), output=str, test_code=str,
             task_id=int)  # fmt: skip
        assert test["status"] in ("pass", "fail", "error") and test["name"] and test["test_code"]
        assert len(test.get("output", "")) <= 500
    if found["status"] == "pass":
        assert all(test["status"] == "pass" for test in found["tests"])
    return found


def prairielearn(content: bytes) -> dict[str, Any]:
    """External grading's results.json: a score from 0 to 1, points for every test, within 1 MB."""
    assert len(content) <= 1_000_000
    found = decoded(content)
    only(found, gradable=bool, score=float, message=str, output=str, format_errors=list,
         images=list, tests=list)  # fmt: skip
    assert 0.0 <= found["score"] <= 1.0
    assert found["gradable"] or all(isinstance(e, str) for e in found["format_errors"])
    for test in found["tests"]:
        only(test, name=str, description=str, points=float, max_points=float, message=str,
             output=str, images=list)  # fmt: skip
        assert 0 <= test["points"] <= test["max_points"]
    return found


def table(content: bytes) -> list[list[str]]:
    """CSV whose rows are of one length, in which no text is a formula or holds a line's end."""
    rows = list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))
    assert len({len(row) for row in rows}) == 1
    for value in (value for row in rows for value in row):
        assert not value.startswith(FORMULA) and "\n" not in value and "\r" not in value
    return rows


def canvas(content: bytes) -> list[list[str]]:
    """An import into Canvas's gradebook: Section is the last column about students."""
    rows = table(content)
    assert rows[0][:5] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert rows[1][0].strip() == "Points Possible"
    most = float(rows[1][5])
    for row in rows[2:]:
        assert row[0] and (row[1] or row[2] or row[3]) and 0 <= float(row[5]) <= most
    return rows


def moodle(content: bytes) -> list[list[str]]:
    """An import of grades into Moodle: somebody to map to, and at most 100."""
    rows = table(content)
    assert rows[0][:2] == ["username", "email"] and len(set(rows[0])) == len(rows[0])
    for row in rows[1:]:
        assert (row[0] or row[1]) and 0 <= float(row[2]) <= 100
    return rows


def markdown(content: bytes) -> str:
    """A summary of a step: within 1 MiB, and outside of blocks of code only what we wrote."""
    assert len(content) <= 1024 * 1024
    found = content.decode()
    fence = ""
    outside = []
    for row in found.splitlines():
        mark = re.match(r"`{3,}", row)
        if mark and not fence:
            fence = mark[0]
        elif fence and row == fence:
            fence = ""
        elif not fence:
            outside.append(row)
    assert not fence, "a block of code is left open"
    for row in outside:
        bare = re.sub(r"</?(details|summary|code)>", "", row)
        assert "<" not in bare and "](" not in bare and "://" not in bare and "@" not in bare, row
    return "\n".join(outside)
