// A picture that is taken away: made by Plotly in this browser from the one on the screen, in the colours of paper, with its head.
// Plotly and the font come from this server, once, when the first picture is asked for. What a button asks for stands in its data-png
// (dashboards/charts/draw.py).
(() => {
  const FONT = "/app/static/liangxin-sans.woff2";
  const LINE = 17, TITLE = 26; // pixels

  let plotly = null;
  const load = () => (plotly ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = "/plotly.js";
    script.onload = () => done(window.Plotly);
    script.onerror = () => { plotly = null; script.remove(); failed(new Error("plotly.js")); };
    document.head.append(script);
  }));

  // A picture within a picture may load nothing, so that the font goes into it whole; without one the system's own Chinese font serves.
  let font = null;
  const face = () => (font ??= fetch(FONT).then((answer) => (answer.ok ? answer.blob() : Promise.reject(new Error(FONT))))
    .then((blob) => new Promise((done, failed) => {
      const reader = new FileReader();
      reader.onload = () => done(`@font-face{font-family:"Liangxin Sans";font-weight:100 900;src:url(${reader.result}) format("woff2")}`);
      reader.onerror = failed;
      reader.readAsDataURL(blob);
    })).catch(() => { font = null; return ""; }));

  const recoloured = (value, paper) => {
    if (Array.isArray(value)) return value.map((each) => recoloured(each, paper));
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, key.endsWith("color") ? twin(each, paper) : recoloured(each, paper)]));
    }
    return value;
  };
  const twin = (value, paper) => (Array.isArray(value) ? value.map((each) => twin(each, paper)) : paper[value] ?? value);

  const paperOf = (asked) => {
    if (asked.picture) return asked.picture;
    const drawn = document.querySelector(`.${CSS.escape(asked.key)} .js-plotly-plot`);
    const plain = JSON.parse(JSON.stringify({ data: drawn.data, layout: drawn.layout }));
    for (const trace of plain.data) delete trace.selectedpoints;
    delete plain.layout.selections;
    return asked.paper ? recoloured(plain, asked.paper) : plain;
  };

  const headed = (picture, asked) => {
    const titles = asked.head.filter((line) => line.startsWith("<b>")).length;
    const room = titles * TITLE + (asked.head.length - titles) * LINE + 24;
    const layout = picture.layout;
    // On a page the names of the lines push the picture down; below a head they need room of their own.
    const named = layout.showlegend && (layout.margin?.t ?? 0) < 30 ? 30 : 0;
    return {
      data: picture.data,
      layout: {
        ...layout,
        width: asked.width,
        height: (layout.height ?? 450) + room + named,
        autosize: false,
        margin: { ...layout.margin, t: (layout.margin?.t ?? 0) + room + named, l: (layout.margin?.l ?? 0) + 16, r: (layout.margin?.r ?? 0) + 16, b: (layout.margin?.b ?? 0) + 12 },
        title: { text: asked.head.join("<br>"), x: 0, xref: "container", xanchor: "left", y: 1, yref: "container", yanchor: "top", pad: { l: 16, t: 26 }, font: { size: 18 }, automargin: false },
        paper_bgcolor: "#ffffff",
        plot_bgcolor: "#ffffff",
      },
      config: { staticPlot: true },
    };
  };

  const make = async (asked) => {
    const [Plotly, style] = await Promise.all([load(), face()]);
    const figure = headed(paperOf(asked), asked);
    const size = { width: figure.layout.width, height: figure.layout.height };
    const svg = (await Plotly.toImage(figure, { format: "svg", imageDataOnly: true, ...size })).replace(/(<svg[^>]*>)/, `$1<style>${style}</style>`);
    const image = new Image();
    image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = 2 * size.width;
    canvas.height = 2 * size.height;
    const brush = canvas.getContext("2d");
    brush.fillStyle = "#ffffff";
    brush.fillRect(0, 0, canvas.width, canvas.height);
    brush.drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(image.src);
    const png = await new Promise((done) => canvas.toBlob(done, "image/png"));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(png);
    link.download = `${asked.file}.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  };

  document.addEventListener("click", async (event) => {
    const pressed = event.target.closest?.(".lx-png");
    if (!pressed || pressed.disabled) return;
    pressed.disabled = true;
    pressed.dataset.state = "making";
    try {
      await make(JSON.parse(pressed.dataset.png));
      pressed.dataset.state = "made";
    } catch {
      pressed.dataset.state = "failed";
      pressed.textContent = pressed.dataset.failed;
    }
    pressed.disabled = false;
  });
})();
