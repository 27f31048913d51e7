"""The web book's Sphinx configuration: `make book` builds build/book from it.

The source folder is the repository's root, so that a link from one notebook to another
means the same in JupyterLab, on a code host and here.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "BERT, hands on"
author = "BERT, hands on"
copyright = "its authors: code MIT, text CC BY 4.0"
root_doc = "docs/book/index"
include_patterns = [
    "README.md",
    "docs/*.md",
    "docs/book/*.md",
    "exercises/*.ipynb",
    "exercises/README.md",
    "notebooks/*.ipynb",
    "solutions/*.ipynb",
    "solutions/*.md",
    "tests/benchmarks/*.md",
]
exclude_patterns = ["**/.*", "build", "artifacts", "grades", "submissions"]
extensions = [
    "myst_nb",
    "sphinxcontrib.bibtex",
    "book_extensions.mathml",
    "book_extensions.pages",
    "book_extensions.terms",
]

# The notebooks were run by `make publish`; the book shows what they hold.
nb_execution_mode = "off"
nb_merge_streams = True
nb_ipywidgets_js = {}  # would come from another site
myst_enable_extensions = ["dollarmath", "colon_fence"]
myst_heading_anchors = 3
bibtex_bibfiles = ["references.bib"]

html_theme = "pydata_sphinx_theme"
html_title = project
html_math_renderer = "mathml"
html_static_path = ["_static"]
html_css_files = ["book.css"]
html_extra_path = ["_root"]
html_copy_source = False
html_show_search_summary = False  # a page opened from the disk may not read others
html_use_index = False
html_domain_indices = False
html_permalinks_icon = "#"
html_theme_options = {
    "secondary_sidebar_items": ["page-toc"],
    # The wide button's label is not what it shows ("Search Ctrl+K"): axe-core minds.
    "navbar_persistent": ["search-button"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "navigation_with_keys": False,
    "show_prev_next": True,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
