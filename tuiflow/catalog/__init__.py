"""Which workflows there are in a folder, kept fresh; asks a worker, and imports none of them."""

from tuiflow.catalog.catalog import Catalog
from tuiflow.catalog.listing import relative_name
from tuiflow.catalog.scan import check_target
from tuiflow.catalog.state import BrokenFile, CatalogState, Notice, WorkflowEntry

__all__ = [
    "BrokenFile",
    "Catalog",
    "CatalogState",
    "Notice",
    "WorkflowEntry",
    "check_target",
    "relative_name",
]
