"""Link the first use of each glossary term in a lesson's prose to the glossary."""

import re

from docutils import nodes

GLOSSARY = "docs/book/glossary"
# Headings, code, formulas, other links, and what a cell printed keep their text.
LEFT_ALONE = (nodes.title, nodes.literal, nodes.literal_block, nodes.reference)
LEFT_ALONE += (nodes.math, nodes.math_block, nodes.raw)
# Words that also mean something else are linked in these lessons only: there is a key
# of a keyboard, a library called transformers, the query of a search.
ONLY_IN = {
    "cosine": ("00", "03", "05"),
    "key": ("01", "04"),
    "precision": ("06",),
    "query": ("01", "04"),
    "transformer": ("01", "04", "11"),
    "value": ("01", "04"),
}


def glossary_terms(doctree):
    """Return a dict from each term, in lower case, to its entry's anchor.

    doctree: of the glossary. Several terms of one entry get the anchor of the first.
    """
    terms = {}
    for entry in doctree.findall(nodes.definition_list_item):
        names = [node for node in entry.children if isinstance(node, nodes.term)]
        for name in names:
            terms[name.astext().lower()] = names[0]["ids"][0]
    return terms


def term_pattern(terms):
    """Return a pattern of any term as whole words, also plural; the longest first."""
    longest_first = sorted(terms, key=len, reverse=True)
    words = "|".join(re.escape(term).replace(r"\ ", r"\s+") for term in longest_first)
    return re.compile(rf"(?<![\w-])({words})(s|es)?(?![\w-])", re.I)


def is_left_alone(text):
    """Return whether a Text node lies in a place where no link belongs."""
    parent = text.parent
    while parent is not None:
        if isinstance(parent, LEFT_ALONE) or "cell_output" in parent.get("classes", []):
            return True
        parent = parent.parent
    return False


def linked(text, terms, pattern, seen, page):
    """Return the nodes that take a Text node's place, or none if it has no new term.

    text: str. terms: anchors by term. seen: the anchors linked before; new ones are
    added. page: the glossary's address from here.
    """
    parts, end = [], 0
    for match in pattern.finditer(text):
        anchor = terms[" ".join(match[1].lower().split())]
        if anchor in seen:
            continue
        seen.add(anchor)
        parts.append(nodes.Text(text[end : match.start()]))
        link = {"refuri": f"{page}#{anchor}", "internal": True, "classes": ["term"]}
        parts.append(nodes.reference("", match[0], **link))
        end = match.end()
    return [*parts, nodes.Text(text[end:])] if parts else []


def link_terms(app, doctree, docname):
    """Put the links into a lesson that is about to be written."""
    folder, _, name = docname.partition("/")
    if folder != "notebooks":
        return
    terms = glossary_terms(app.env.get_doctree(GLOSSARY))
    for word, lessons in ONLY_IN.items():
        if name[:2] not in lessons:
            del terms[word]
    pattern, seen = term_pattern(terms), set()
    page = app.builder.get_relative_uri(docname, GLOSSARY)
    for text in list(doctree.findall(nodes.Text)):
        if not is_left_alone(text):
            parts = linked(text.astext(), terms, pattern, seen, page)
            if parts:
                text.parent.replace(text, parts)


def follow_the_glossary(app, doctree):
    """Let a changed glossary make the lessons be built anew."""
    if app.env.docname.startswith("notebooks/"):
        app.env.note_dependency(app.env.doc2path(GLOSSARY))


def setup(app):
    app.connect("doctree-read", follow_the_glossary)
    app.connect("doctree-resolved", link_terms)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
