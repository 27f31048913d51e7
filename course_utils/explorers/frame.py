"""The frame of every explorer: controls, what they show, and a view without a kernel.

Only controls that JupyterLab leaves the keyboard to are used: fields of text and of
numbers, and tick boxes. It takes arrow keys and letters away from a closed list.
"""

import ipywidgets as widgets
from IPython.display import display

NOTE = "Run this cell: the fields to explore with appear here."
# JupyterLab: the saved view gives way to the living explorer. Where the kernel that
# made it is gone, the saved view stays, in place of "Error displaying widget".
STYLE = """<style>
.jp-OutputArea:has(.course-explorer) .course-saved,
.jp-OutputArea:has(.course-saved) .jp-OutputArea-output.jupyter-widgets
{ display: none; }
</style>"""


class Explorer(widgets.VBox):
    """Controls, and below them HTML that follows them.

    controls: {name: widget}, the names being arguments of `view`. view: a function of
    all values that returns HTML. saved: bool, whether the first view stays in the saved
    notebook; if not, only a note does. Each call starts from the controls' own values.
    """

    def __init__(self, controls, view, saved=True):
        self.controls, self.view, self.saved = controls, view, saved
        self.result = widgets.HTML(layout={"width": "100%"})
        lines, small = [], []
        for control in controls.values():
            control.style.description_width = "initial"
            control.tooltip = control.description  # a number's would else be "null"
            is_line = isinstance(control, widgets.Text)
            control.layout.width = "98%" if is_line else "auto"
            (lines if is_line else small).append(control)
            control.observe(self.show, names="value")
        layout = {"flex_flow": "row wrap", "grid_gap": "0 24px"}
        box = [widgets.HBox(small, layout=layout)] if small else []
        super().__init__([*lines, *box, self.result])
        self.add_class("course-explorer")
        self.show()

    def show(self, _=None):
        """Show the view of the controls' values."""
        values = {name: control.value for name, control in self.controls.items()}
        self.result.value = self.view(**values)

    def _ipython_display_(self):
        """Display what stays in the saved notebook, then the living explorer."""
        first = self.result.value if self.saved else ""
        html = f'{STYLE}<div class="course-saved">{first}<p><em>{NOTE}</em></p></div>'
        display({"text/html": html, "text/plain": NOTE}, raw=True)
        living = self._repr_mimebundle_()
        del living["text/plain"]  # "VBox(children=(Text(value=...": of no use to anyone
        display(living, raw=True)
