// Draws the page's charts, each when it comes into view. Without this the page has the same values as tables.
(() => {
  "use strict";
  const specs = new Map(JSON.parse(document.getElementById("charts").textContent).map((spec) => [spec.id, spec]));
  const drawn = [];
  const dashes = [[], [6, 3], [2, 2], [8, 3, 2, 3], [1, 3], [12, 4]];

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  // Stretches in which something was broken.
  const windows = {
    id: "windows",
    beforeDatasetsDraw(chart, _, options) {
      const { ctx, chartArea: area, scales: { x } } = chart;
      ctx.save();
      ctx.fillStyle = options.colour;
      for (const stretch of options.list) {
        const left = Math.max(area.left, x.getPixelForValue(stretch.from));
        const right = Math.min(area.right, x.getPixelForValue(stretch.to));
        if (right >= left) ctx.fillRect(left, area.top, Math.max(right - left, 2), area.bottom - area.top);
      }
      ctx.restore();
    },
  };

  const axis = (title) => ({
    title: { display: true, text: title, color: colour("--quiet") },
    ticks: { color: colour("--quiet"), maxRotation: 0 },
    grid: { color: colour("--grid") },
  });

  const dataset = (line, index, single) => ({
    label: line.name,
    data: line.points.map(([x, y]) => ({ x, y })),
    borderColor: colour(`--line-${(index % 6) + 1}`),
    backgroundColor: colour(`--line-${(index % 6) + 1}`),
    borderDash: single ? [] : dashes[index % dashes.length],
    borderWidth: 1.75,
    pointRadius: line.points.length > 1 ? 0 : 3,
    pointHitRadius: 8,
  });

  const settings = (spec) => {
    const datasets = spec.lines.map((line, index) => dataset(line, index, spec.lines.length === 1));
    return {
      type: "line",
      data: { datasets },
      plugins: [windows],
      options: {
        animation: false,
        maintainAspectRatio: false,
        parsing: false,
        interaction: { mode: "nearest", axis: "x", intersect: false },
        scales: { x: { type: "linear", ...axis(`s ${spec.time.replace(/^seconds /, "")}`) }, y: { beginAtZero: true, ...axis(spec.unit) } },
        plugins: {
          legend: { display: spec.lines.length > 1, position: "bottom", labels: { color: colour("--text"), boxHeight: 1 } },
          windows: { list: spec.windows, colour: colour("--shade") },
        },
      },
    };
  };

  const draw = (canvas) => {
    const spec = specs.get(canvas.id);
    if (!spec) return;
    specs.delete(canvas.id);
    canvas.closest(".chart").classList.add("drawn");
    drawn.push({ spec, chart: new Chart(canvas, settings(spec)) });
  };

  const recolour = () => {
    for (const { spec, chart } of drawn) {
      const fresh = settings(spec);
      chart.options = fresh.options;
      chart.data.datasets.forEach((set, index) => {
        set.borderColor = fresh.data.datasets[index].borderColor;
        set.backgroundColor = fresh.data.datasets[index].backgroundColor;
      });
      chart.update("none");
    }
  };

  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      watcher.unobserve(entry.target);
      draw(entry.target.querySelector("canvas"));
    }
  }, { rootMargin: "400px" });
  for (const canvas of document.querySelectorAll(".chart canvas")) {
    if (specs.has(canvas.id)) watcher.observe(canvas.closest(".chart"));
  }

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
  // Paper has no folds and no dark mode.
  window.addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll("section > details:not([open])")) {
      fold.open = true;
      fold.dataset.folded = "";
    }
    for (const canvas of document.querySelectorAll(".chart canvas")) draw(canvas);
    recolour();
  });
  window.addEventListener("afterprint", () => {
    for (const fold of document.querySelectorAll("details[data-folded]")) {
      fold.open = false;
      delete fold.dataset.folded;
    }
    recolour();
  });

  // A link to something in a fold opens it.
  const unfold = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (target instanceof HTMLDetailsElement) target.open = true;
  };
  window.addEventListener("hashchange", unfold);
  unfold();
})();
