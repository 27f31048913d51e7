"""A folder that plays a machine: its files of Linux, as the tests want them."""


def write(root, files):
    """Create files below root, {path: text}."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
