// What the tests ask of the notebook in front. It is put into each page before it loads.
window.course = {
  runs: [], // for each run that has ended: whether all of its cells succeeded

  front: () => window.jupyterapp.shell.currentWidget,

  isReady(path) {
    const panel = window.jupyterapp?.shell.currentWidget;
    const kernel = panel?.sessionContext?.kernelDisplayStatus;
    return panel?.context?.path === path && panel.context.isReady && kernel === "idle";
  },

  // Menus and keys end in one of JupyterLab's commands, whose promise says the result.
  noteRuns() {
    window.jupyterapp.commands.commandExecuted.connect((_, { id, result }) => {
      if (/^notebook:(restart-)?run-/.test(id)) {
        const note = (succeeded) => this.runs.push(succeeded === true);
        result.then(note, () => note(false));
      }
    });
  },

  // Two frames: the first lays out what has changed, the second comes after that.
  painted: () =>
    new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),

  indexOf: (id) => course.front().content.widgets.findIndex((c) => c.model.id === id),

  // Resolves when the cell is in the window, and drawn. Its id is put into its element.
  async show(index) {
    const notebook = course.front().content;
    const cell = notebook.widgets[index];
    cell.node.dataset.courseCell = cell.model.id;
    if (!cell.node.isConnected) await notebook.scrollToItem(index, "start");
    cell.node.scrollIntoView();
    await cell.ready;
    do await course.painted();
    while (cell.isPlaceholder?.());
    const images = [...cell.node.querySelectorAll("img")];
    await Promise.all(images.map((image) => image.decode().catch(() => {})));
    return cell;
  },

  // Go through all cells; returns what is wrong, a line of text each.
  async examine() {
    const problems = [];
    for (const index of course.front().content.widgets.keys()) {
      const cell = await course.show(index);
      for (const what of [...course.badOutputs(cell), ...course.badLayout(cell)])
        problems.push(`${cell.model.id}: ${what}`);
    }
    return problems;
  },

  badOutputs(cell) {
    const outputs = cell.model.outputs?.toJSON() ?? [];
    const errors = outputs.filter((output) => output.output_type === "error");
    const complaints = outputs.filter((output) => output.name === "stderr");
    return [
      ...errors.map((output) => `error ${output.ename}: ${output.evalue}`),
      ...complaints.map((output) => `on standard error: ${[output.text].flat().join("")}`),
    ];
  },

  // Whether a box around an element, itself within the notebook, has a scroll bar for it.
  scrolls(element, edge) {
    const box = element.closest(".jp-OutputArea-output, .jp-MarkdownOutput");
    const overflow = getComputedStyle(box).overflowX;
    const within = box.getBoundingClientRect().right <= edge + 1;
    return within && ["auto", "scroll"].includes(overflow);
  },

  // Outputs and rendered prose: too wide for the notebook, or not shown.
  badLayout(cell) {
    const outer = course.front().node.querySelector(".jp-WindowedPanel-outer");
    const edge = outer.getBoundingClientRect().left + outer.clientWidth;
    const find = (selector) => [...cell.node.querySelectorAll(selector)];
    const shown = ":is(.jp-OutputArea-output, .jp-MarkdownOutput)";
    const wide = find(`${shown} :is(img, svg, canvas, table, mjx-math, .jupyter-widgets)`)
      .filter((element) => !element.closest('[role="region"][tabindex="0"]')) // scrolls
      .map((element) => [element, element.getBoundingClientRect().right - edge])
      .filter(([, beyond]) => beyond > 1);
    const broken = find(`${shown} img`).filter((image) => image.naturalWidth === 0);
    const widgets = find('[data-mime-type$="widget-view+json"]').filter((output) =>
      /(Error displaying|Loading) widget/.test(output.textContent),
    );
    return [
      ...wide.map(([element, beyond]) => {
        const hint = course.scrolls(element, edge) ? ", scrolled to" : "";
        return `${element.tagName} ends ${Math.round(beyond)} px outside${hint}`;
      }),
      ...broken.map((image) => `an image is broken: ${image.src.slice(0, 60)}`),
      ...widgets.map((output) => `a widget is not shown: ${output.textContent}`),
      ...find("mjx-merror").map((e) => `a formula is wrong: ${e.textContent}`),
    ];
  },
};
