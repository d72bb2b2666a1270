"""What became of checks between two runs."""

from collections.abc import Mapping

from grader.catalog import Catalog
from grader.locale import Texts

GOOD = ("passed", "skipped")
MOST = 20


def differences(
    before: Mapping[str, str] | None, after: Mapping[str, str], catalog: Catalog, texts: Texts
) -> list[str]:
    """A line for each check that passes now or no longer does; statuses by check id."""
    if before is None:
        return [texts.say("watch.no_earlier")]
    titles = {c.id: c.title for f in catalog.functions.values() for c in f.checks}
    fixed = [i for i in after if after[i] in GOOD and before.get(i, "passed") not in GOOD]
    lost = [i for i in after if after[i] not in GOOD and before.get(i, "failed") in GOOD]
    lines = []
    for name, found in (("fixed", fixed), ("lost", lost)):
        for check in found[:MOST]:
            title = titles[check][texts.language] if check in titles else check
            where = check.rpartition(".")[0]
            lines.append(texts.say(f"watch.{name}", name=where, title=title))
        if len(found) > MOST:
            lines.append(texts.say("report.more", count=len(found) - MOST))
    return lines or [texts.say("watch.no_change")]


__all__ = ["differences"]
