"""HTML: one page that needs nothing else, without pictures (``make report`` draws those)."""

from grader import catalog as catalogs
from grader.formats.about import About
from grader.report.model import Report


def write(report: Report, about: About) -> bytes:
    """The page of ``make report``; its messages are in the report's own language."""
    from grader.webpage.building import language_of, view
    from grader.webpage.page import page

    catalog = catalogs.load()
    shown = view({language_of(report, catalog): report}, catalog)
    return page(shown, None, about.texts.language)
