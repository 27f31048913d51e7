"""JupyterLab in a tab of a browser, used as a student uses it.

The page's own state says when something has ended: JupyterLab's commands return
promises, and nothing here waits for a fixed time.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

SCRIPT = Path(__file__).with_name("lab_page.js")
HEIGHT = 1000  # pixels of the window
SECONDS_TO_OPEN = 180
SECONDS_TO_RUN = 1800  # the longest lesson, small profile, on a busy machine
# JupyterLab's own, and no harm: a restart cuts its question to the kernel's debugger.
KNOWN_ERRORS = ("Could not restore the debugger state: Canceled future",)
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}


class LabPage:
    """One tab. `complaints` collects what the browser should not have met, as lines:
    requests to another host, errors of scripts, errors on the browser's console.
    """

    def __init__(self, page, address):
        """page: playwright's Page, new. address: str, such as http://127.0.0.1:8888"""
        self.page, self.address, self.complaints = page, address, []
        page.add_init_script(path=SCRIPT)
        page.on("request", self._note_request)
        page.on("websocket", self._note_request)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("console", self._note_console)

    def _note_request(self, request):
        asked = urlsplit(request.url)
        local = asked.scheme in ("data", "blob")
        if not local and asked.netloc != urlsplit(self.address).netloc:
            self.complaints.append(f"another host: {request.url}")

    def _note_console(self, message):
        if message.type == "error" and not message.text.startswith(KNOWN_ERRORS):
            self.complaints.append(f"console: {message.text}")

    # --- what a student does ----------------------------------------------------------

    def open(self, path):
        """Open "notebooks/02_tokenization.ipynb", say, and wait for its Python."""
        self.page.goto(f"{self.address}/lab/tree/{path}?reset")
        self._wait("path => course.isReady(path)", path, SECONDS_TO_OPEN)
        self.page.evaluate("course.noteRuns()")

    def run_all(self):
        """Choose Run > Run All Cells. Returns whether every cell succeeded."""
        return self._run(lambda: self.choose("Run", "runmenu:run-all"))

    def restart_and_run_all(self):
        """Choose Kernel > Restart Kernel and Run All Cells..., and agree."""

        def act():
            self.choose("Kernel", "runmenu:restart-and-run-all")
            self.page.locator(".jp-Dialog button.jp-mod-accept").click()

        return self._run(act)

    def run_cell(self, cell_id):
        """Select a cell, press Shift + Enter. Returns whether it succeeded."""

        def act():
            self.cell(cell_id).locator(".jp-InputArea-prompt").click()
            self.page.keyboard.press("Shift+Enter")

        return self._run(act)

    def type_into(self, cell_id, source):
        """Replace what stands in a cell."""
        self.cell(cell_id).locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(source)

    def choose(self, menu, command):
        """Open a menu of the menu bar, and click on the entry of a command's name."""
        self.page.locator(".lm-MenuBar-itemLabel", has_text=menu).first.click()
        self.page.locator(f".lm-Menu-item[data-command='{command}']").click()

    def set_theme(self, name):
        """Change to the theme "light" or "dark"."""
        theme = THEMES[name]
        self.page.evaluate(
            "theme => jupyterapp.commands.execute('apputils:change-theme', {theme})",
            theme,
        )
        self._wait("theme => document.body.dataset.jpThemeName === theme", theme)

    def set_width(self, pixels):
        """Make the window this wide, and wait until JupyterLab has filled it."""
        self.page.set_viewport_size({"width": pixels, "height": HEIGHT})
        self._wait("w => document.querySelector('#main').clientWidth === w", pixels)
        self.page.evaluate("course.painted()")

    # --- what a student sees ----------------------------------------------------------

    def cell(self, cell_id):
        """Scroll a cell into view; returns playwright's Locator of it."""
        index = self.page.evaluate("id => course.indexOf(id)", cell_id)
        assert index >= 0, f"the open notebook has no cell {cell_id!r}"
        self.page.evaluate("index => course.show(index).then(() => null)", index)
        return self.page.locator(f".jp-Cell[data-course-cell='{cell_id}']")

    def output(self, cell_id):
        """Return the text that stands below a cell, "" where there is none."""
        shown = self.cell(cell_id).locator(".jp-OutputArea-output")
        return "\n".join(shown.all_inner_texts())

    def examine(self):
        """Go through the notebook; returns what is wrong with its cells, as lines.

        Errors, text on standard error, and at the present width and theme: what ends
        outside the notebook (the line ends in "scrolled to" where a scroll bar leads
        there), images and widgets not shown, formulas not understood.
        """
        return self.page.evaluate("course.examine()")

    def photograph(self, name):
        """Save pictures of the whole notebook to the folder COURSE_SCREENSHOTS.

        Where that is not set, nothing is done.
        """
        if "COURSE_SCREENSHOTS" not in os.environ:
            return
        outer = self.page.locator(".jp-WindowedPanel-outer")
        outer.evaluate("element => { element.scrollTop = 0 }")
        number, further = 0, True
        while further:
            self.photograph_window(f"{name}-{number:02d}")
            further = outer.evaluate(
                "element => { const before = element.scrollTop;"
                " element.scrollBy(0, 0.9 * element.clientHeight);"
                " return element.scrollTop > before }"
            )
            number += 1

    def photograph_window(self, name):
        """Save one picture of what the window shows now, as `photograph` does."""
        folder = os.environ.get("COURSE_SCREENSHOTS")
        if folder:
            self.page.evaluate("course.painted()")
            self.page.screenshot(path=Path(folder) / f"{name}.png")

    # --- waiting ----------------------------------------------------------------------

    def close(self):
        """End the kernels of this tab, and the tab."""
        self.page.evaluate("window.jupyterapp?.serviceManager.sessions.shutdownAll()")
        self.page.close()

    def _run(self, act):
        before = self.page.evaluate("course.runs.length")
        act()
        self._wait("before => course.runs.length > before", before, SECONDS_TO_RUN)
        return self.page.evaluate("course.runs.at(-1)")

    def _wait(self, condition, argument, seconds=60):
        self.page.wait_for_function(
            condition, arg=argument, timeout=1000 * seconds, polling=100
        )
