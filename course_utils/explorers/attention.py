"""Choose a layer and a head, see the attention map: the explorer of lesson 04."""

import math

import ipywidgets as widgets

from course_utils.explorers.frame import Explorer
from course_utils.explorers.markup import cell, isolated, page, row
from course_utils.plots.bert import check_map

MOST_TOKENS = 40
BLUE = "47,127,208"
STRONGEST = 0.6  # of the blue: black text on white, and white on black, stay readable


def attention_html(weights, tokens, layer, head):
    """Return one attention map as a table of percents, the darker the larger.

    weights: (T, T) float, row = the token that looks, column = looked at. tokens: T
    str. At most 40 tokens are shown; a weight below 1 percent is a dot. Raises
    ValueError where the map is not (T, T).
    """
    percents = (100 * check_map(weights, tokens)).round().astype(int)  # (T, T)
    shown = tokens[:MOST_TOKENS]
    upward = "writing-mode:vertical-rl;padding:6px 2px"
    names = [cell(isolated(token), upward, scope="col") for token in shown]
    rows = row(cell("looks &darr;<br>looked at &rarr;"), *names)
    for token, line in zip(shown, percents, strict=False):
        cells = [weight_cell(percent) for percent in line[:MOST_TOKENS]]
        rows += row(cell(isolated(token), "white-space:nowrap", scope="row"), *cells)
    looking, looked_at = divmod(int(percents.argmax()), len(tokens))
    summary = (
        f"Layer {layer}, head {head}, weights in percent. The largest, {percents.max()}"
        f": {tokens[looking]} looks at {tokens[looked_at]}."
    )
    if len(tokens) > MOST_TOKENS:
        summary += f" The first {MOST_TOKENS} of {len(tokens)} tokens are shown."
    return page(summary, ("attention map", rows))


def weight_cell(percent):
    """Return a table cell; its colour grows with the square root of the weight."""
    strength = STRONGEST * math.sqrt(percent / 100)
    colour = f"background:rgba({BLUE},{strength:.2f})"
    text = percent if percent else "&middot;"
    return cell(text, f"{colour};padding:2px;min-width:24px;text-align:center")


def attention_explorer(attentions, tokens, layer=1, head=1):
    """Return an Explorer: choose layer and head, see the attention map.

    attentions: L tensors (1, A, T, T), as the model gives them. tokens: T str. layer,
    head: int, counted from 1, those shown at first. Tab reaches both fields, the arrow
    keys change the number. Raises ValueError where there are no weights, as under the
    attention that keeps none, and where the map is not (T, T).
    """
    if attentions is None or not len(attentions):
        raise ValueError(
            "there are no attention weights: load the model with "
            "load_bert(attn_implementation='eager'), ask for output_attentions=True"
        )
    limits = {"Layer": len(attentions), "Head": attentions[0].shape[1]}
    fields = {
        name.lower(): widgets.BoundedIntText(
            value=value, min=1, max=limit, description=f"{name} (1 to {limit}):"
        )
        for (name, limit), value in zip(limits.items(), (layer, head), strict=True)
    }

    def view(layer, head):
        return attention_html(attentions[layer - 1][0, head - 1], tokens, layer, head)

    return Explorer(fields, view, saved=False)
