"""What the web book adds to Sphinx: formulas, pages made ready, glossary links."""
