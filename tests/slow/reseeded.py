"""The source of a lesson's cell with other seeds: `reseeded(source, shift)`.

Where a lesson gets its chance from, in one place:

- `set_seed(0)`, `default_rng(0)`, `manual_seed(0)`, `Random(0)`: the number is shifted;
- `seed=0`, `random_state=0`, in a call or as a default: likewise;
- `for seed in range(3)`: the range is shifted;
- functions of the course whose seed the lesson leaves at its default, 0: it is given.

A shift of 100 or more gives seeds that the lesson has nowhere. With a small one,
`range(3)` would draw anew what it drew before.
"""

import ast

STARTS = ("set_seed", "default_rng", "manual_seed", "Random")
KEYWORDS = ("seed", "random_state")
COUNTED = "CLAIMS_REACHED"  # a name that no lesson uses
DEFAULT_IS_0 = (
    "bootstrap_difference", "f1_interval", "load_bert_for", "make_articles",
    "make_dates", "make_entity_examples", "make_questions", "make_statement_pairs",
    "passage_interval", "train",
)  # fmt: skip
# Lesson 11 compares it with the model of its two processes, whose seed is always 0.
STAYS_0 = ("tiny_bert",)


def reseeded(source, shift):
    """Return (source, its new seeds): str, list of int. Comments are lost.

    Before each assertion stands a call of `CLAIMS_REACHED.add`, with its place, so that
    those that were reached can be counted. Raises ValueError for a range of seeds whose
    end is no number.
    """
    tree = ast.parse(source)
    shifter = _Shifter(shift)
    return ast.unparse(ast.fix_missing_locations(shifter.visit(tree))), shifter.seeds


class _Shifter(ast.NodeTransformer):
    def __init__(self, shift):
        self.shift, self.seeds = shift, []

    def moved(self, node):
        """Return the constant node, shifted; any other node as it is."""
        if not isinstance(node, ast.Constant) or type(node.value) is not int:
            return node
        self.seeds.append(node.value + self.shift)
        return ast.Constant(node.value + self.shift)

    def visit_keyword(self, node):
        self.generic_visit(node)
        if node.arg in KEYWORDS:
            node.value = self.moved(node.value)
        return node

    def visit_arguments(self, node):
        self.generic_visit(node)
        names = [argument.arg for argument in node.args]
        with_default = names[len(names) - len(node.defaults) :]
        pairs = zip(with_default, node.defaults, strict=True)
        node.defaults = [self.moved(d) if n in KEYWORDS else d for n, d in pairs]
        return node

    def visit_Call(self, node):
        self.generic_visit(node)
        name = getattr(node.func, "id", getattr(node.func, "attr", None))
        if name in STARTS and node.args:
            node.args[0] = self.moved(node.args[0])
        given = [keyword.arg for keyword in node.keywords]
        of_course = isinstance(node.func, ast.Name) and name in DEFAULT_IS_0
        if of_course and not set(given) & set(KEYWORDS):
            seed = self.moved(ast.Constant(0))
            if None in given:  # **settings, which may hold a seed: that one counts
                last = node.keywords[given.index(None)]
                last.value = ast.Dict([ast.Constant("seed"), None], [seed, last.value])
            else:
                node.keywords.append(ast.keyword("seed", seed))
        return node

    def visit_comprehension(self, node):
        self.generic_visit(node)
        over_range = getattr(getattr(node.iter, "func", None), "id", "") == "range"
        if getattr(node.target, "id", "") == "seed" and over_range:
            [end] = map(ast.literal_eval, node.iter.args)
            self.seeds += range(self.shift, self.shift + end)
            node.iter.args = [ast.Constant(self.shift), ast.Constant(self.shift + end)]
        return node

    visit_For = visit_comprehension

    def visit_Assert(self, node):
        self.generic_visit(node)
        reached = ast.parse(f"{COUNTED}.add({ast.unparse(node)!r})").body[0]
        return [reached, node]
