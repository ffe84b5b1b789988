// Makes every figure[data-chart] on the page interactive: panning, zooming and reading bars by mouse, touch and keys.
// The server's SVG is the first picture and stays when anything here fails. All times are UTC.

const FIGURE = "figure[data-chart][data-src]";
const INKS = ["surface", "text", "strong", "grid", "up", "down", "volume", "line", "line-text", "zone", "marker", "curve-1", "curve-2", "curve-3"];
const LABEL_GAP = 16;
const PANE = 0.24; // of the height: RSI or ATR, as in the server's picture
const LEAST_ROOMS = 12; // fewer bars than this stand in the middle, as in the server's picture
const drawn = new Map(); // figure -> the function that ends it, or null while it is being prepared
const nearby = new IntersectionObserver(approach, { rootMargin: "300px" });

// Without a <script> of its own on the page, the vendored file is imported; either way it sets this global.
async function library(url) {
  if (!window.LightweightCharts) await import(url);
  return window.LightweightCharts;
}

// The workshop's pages hold the bars of what is only typed themselves: their address is that of an element.
async function barsAt(url) {
  if (url.startsWith("#")) return JSON.parse(document.getElementById(url.slice(1).split("?")[0]).textContent);
  const answer = await fetch(url, { credentials: "same-origin" });
  if (!answer.ok) throw new Error("The bars did not load.");
  return answer.json();
}

async function fetchBars(url) {
  const data = await barsAt(url);
  if (!data.bars.length || !data.bars.flat().every(Number.isFinite)) throw new Error("No bars of numbers.");
  return data;
}

// The library reads rgb() only; one painted pixel turns any colour of the style sheet into that.
function inks(figure) {
  const probe = figure.appendChild(document.createElement("i"));
  const pixel = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  probe.hidden = true;
  probe.style.forcedColorAdjust = "none";
  const read = (name) => {
    probe.style.color = `var(--c-${name})`;
    pixel.clearRect(0, 0, 1, 1);
    pixel.fillStyle = getComputedStyle(probe).color;
    pixel.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = pixel.getImageData(0, 0, 1, 1).data;
    return `rgba(${red}, ${green}, ${blue}, ${(alpha / 255).toFixed(3)})`;
  };
  const palette = Object.fromEntries(INKS.map((name) => [name, read(name)]));
  probe.remove();
  return palette;
}

function wording({ timeframe, decimals, bars }) {
  const language = document.documentElement.lang || "en";
  const locale = language === "en" ? "en-GB" : language;
  const floor = bars.some((bar) => bar[3] < 0) ? -Infinity : 0; // no price below nothing beside the volume
  const day = timeframe === "1mo" ? {} : { day: "numeric" };
  const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const hour = timeframe === "1h" ? { ...clock, timeZoneName: "short" } : {};
  const dates = (options) => {
    const format = new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options });
    return (seconds) => format.format(seconds * 1000).replace(/\bSept\b/, "Sep");
  };
  const numbers = new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  const price = (value) => numbers.format(value).replace("-", "−");
  const ticks = [{ year: "numeric" }, { month: "short" }, { day: "numeric", month: "short" }, clock, clock].map(dates);
  return {
    locale,
    price,
    axis: (values) => {
      const zeros = Math.min(...values.map((value) => /\.?0*$/.exec(value.toFixed(decimals))[0].length));
      return values.map((value) => (value < floor ? "" : price(value).slice(0, zeros ? -zeros : undefined)));
    },
    full: dates({ ...day, month: "long", year: "numeric", ...hour }),
    short: dates({ ...day, month: "short", year: "numeric", ...hour }),
    tick: (seconds, kind) => ticks[kind](seconds),
  };
}

function look(palette, font, words) {
  const label = { labelBackgroundColor: palette.strong };
  return {
    layout: {
      background: { type: "solid", color: palette.surface }, textColor: palette.text,
      fontFamily: font, fontSize: 12, attributionLogo: false,
    },
    grid: { vertLines: { color: palette.grid }, horzLines: { color: palette.grid } },
    crosshair: { mode: 0, vertLine: { color: palette.text, ...label }, horzLine: { color: palette.text, ...label } },
    localization: { locale: words.locale, priceFormatter: words.price, tickmarksPriceFormatter: words.axis, timeFormatter: words.short },
  };
}

// The same room around the candles as in the server's picture, so that they do not move when this one takes over.
function margins({ markers, volume, curves = [] }) {
  const [above, below] = ["above", "below"].map((side) => (markers.some((marker) => marker.side === side) ? 0.17 : 0.05));
  const foot = curves.some((curve) => curve.pane) ? PANE : volume ? 0.18 : 0;
  const share = (1 - foot) / (1 + above + below);
  return { top: above * share, bottom: below * share + foot };
}

// The wheel scrolls the page and a vertical swipe does too: the chart never traps either.
function behaviour(data, words, gutter) {
  const full = data.bars.length >= LEAST_ROOMS;
  return {
    autoSize: true,
    handleScroll: { mouseWheel: false, pressedMouseMove: true, horzTouchDrag: true, vertTouchDrag: false },
    handleScale: { mouseWheel: false, pinch: true, axisPressedMouseMove: { time: true, price: false } },
    kineticScroll: { touch: !matchMedia("(prefers-reduced-motion: reduce)").matches, mouse: false },
    rightPriceScale: { borderVisible: false, minimumWidth: gutter, entireTextOnly: true, tickMarkDensity: 4, scaleMargins: margins(data) },
    timeScale: {
      borderVisible: false, minimumHeight: 28, fixLeftEdge: full, fixRightEdge: full, lockVisibleTimeRangeOnResize: true,
      timeVisible: data.timeframe === "1h", secondsVisible: false, tickMarkFormatter: words.tick,
    },
  };
}

function whole(bars) {
  const spare = Math.max(0, LEAST_ROOMS - bars.length) / 2;
  return { from: -0.5 - spare, to: bars.length - 0.5 + spare };
}

const candleInks = (ink) => ({
  upColor: ink.surface, borderUpColor: ink.up, wickUpColor: ink.up,
  downColor: ink.down, borderDownColor: ink.down, wickDownColor: ink.down,
});

const lineInks = (ink) => ({ color: ink.line, axisLabelColor: ink.line, axisLabelTextColor: ink["line-text"] });

const markersOf = (data, ink) => data.markers.map(({ time, label, side }) => ({
  time, text: label, color: ink.marker, size: 0.7,
  position: side === "above" ? "aboveBar" : "belowBar", shape: side === "above" ? "arrowDown" : "arrowUp",
}));

// Zones behind the candles, and the labels of lines and zones before them, kept apart as on the server.
function annotations(chart, series, data, state) {
  const y = (price) => series.priceToCoordinate(price);
  const x = (time) => chart.timeScale().timeToCoordinate(time);
  const named = [ // a dot with its words, and the words at the end of a line
    ...(data.notes ?? []).map(({ time, price, label }) => ({ time, price, label, dot: true })),
    ...(data.trends ?? []).map(({ times, prices, label }) => ({ time: times[1], price: prices[1], label })),
  ];
  const zones = (target) => target.useMediaCoordinateSpace(({ context, mediaSize }) => {
    context.fillStyle = state.ink.zone;
    for (const zone of data.zones) context.fillRect(0, y(zone.high), mediaSize.width, y(zone.low) - y(zone.high));
  });
  const labels = (target) => target.useMediaCoordinateSpace(({ context, mediaSize }) => {
    const notes = [
      ...data.price_lines.map(({ price, label, side }) => ({ y: y(price) - 6, label, side })),
      ...data.zones.map(({ high, label, side }) => ({ y: y(high) + 16, label, side })),
    ].sort((one, two) => one.y - two.y);
    const last = { start: -Infinity, end: -Infinity };
    Object.assign(context, { font: `600 13px ${state.font}`, lineWidth: 4, lineJoin: "round" });
    Object.assign(context, { strokeStyle: state.ink.surface, fillStyle: state.ink.line });
    for (const { y: height, label, side } of notes) {
      const place = (last[side] = Math.max(height, last[side] + LABEL_GAP));
      const edge = side === "start" ? 8 : mediaSize.width - 8;
      context.textAlign = side === "start" ? "left" : "right";
      context.strokeText(label, edge, place);
      context.fillText(label, edge, place);
    }
    const pane = (data.curves ?? []).find((curve) => curve.pane);
    if (pane) {
      const top = mediaSize.height * (1 - PANE);
      context.textAlign = "left";
      context.strokeText(pane.label, 8, top + 14);
      context.fillText(pane.label, 8, top + 14);
    }
    for (const { time, price, label, dot } of named) {
      const left = x(time);
      if (left === null) continue;
      const width = context.measureText(label).width;
      const middle = Math.min(mediaSize.width - width / 2 - 4, Math.max(width / 2 + 4, left));
      context.textAlign = "center";
      context.strokeText(label, middle, y(price) - 10);
      context.fillText(label, middle, y(price) - 10);
      if (!dot) continue;
      context.beginPath();
      context.arc(left, y(price), 4, 0, 2 * Math.PI);
      context.fill();
    }
  });
  const prices = [...data.price_lines.map((line) => line.price), ...data.zones.flatMap((zone) => [zone.low, zone.high]), ...named.map(({ price }) => price)];
  const range = prices.length ? { priceRange: { minValue: Math.min(...prices), maxValue: Math.max(...prices) } } : null;
  const views = [
    { zOrder: () => "bottom", renderer: () => ({ draw: zones }) },
    { zOrder: () => "top", renderer: () => ({ draw: labels }) },
  ];
  return { paneViews: () => views, autoscaleInfo: () => range };
}

// Indicators come computed; the lines of a trend and a note's point are drawn like one with two bars, or one.
function drawCurves(chart, series, data, charts, state) {
  const times = data.bars.map(([time]) => time);
  const quiet = { lastValueVisible: false, priceLineVisible: false, crosshairMarkerVisible: false };
  const drawn = [];
  const add = (look, points, options = {}) => {
    const line = chart.addSeries(charts.LineSeries, { ...quiet, ...look(), ...options });
    line.setData(points);
    drawn.push([line, look]);
    return line;
  };
  const styles = [0, 2, 1, 1];
  const inPrices = (data.curves ?? []).filter((curve) => !curve.pane);
  const points = ({ values }) => values.map((value, n) => (value === null ? { time: times[n] } : { time: times[n], value }));
  inPrices.forEach((curve, n) => add(
    () => ({ color: state.ink[`curve-${Math.min(n + 1, 3)}`], lineWidth: 2, lineStyle: styles[n] }), points(curve),
  ));
  for (const curve of (data.curves ?? []).filter(({ pane }) => pane)) {
    const range = curve.kind === "rsi" && { autoscaleInfoProvider: () => ({ priceRange: { minValue: 0, maxValue: 100 } }) };
    const line = add(() => ({ color: state.ink["curve-1"], lineWidth: 2 }), points(curve), { priceScaleId: "pane", ...range });
    line.priceScale().applyOptions({ scaleMargins: { top: 1 - PANE, bottom: 0 } });
    if (range) for (const price of [30, 70]) line.createPriceLine({ price, lineWidth: 1, lineStyle: 0, axisLabelVisible: false, color: state.ink.grid });
  }
  for (const { times: ends, prices } of data.trends ?? []) {
    add(() => ({ color: state.ink.strong, lineWidth: 2 }), ends.map((time, n) => ({ time, value: prices[n] })));
  }
  series.setSeriesOrder(drawn.length + 1);
  return () => drawn.forEach(([line, look]) => line.applyOptions(look()));
}

function build(figure, box, data, charts) {
  const words = wording(data);
  const state = { ink: inks(figure), font: getComputedStyle(figure).fontFamily };
  const gutter = parseFloat(getComputedStyle(figure.querySelector("[data-chart-still] svg")).paddingInlineEnd) || 60;
  box.replaceChildren();
  const chart = charts.createChart(box, { ...look(state.ink, state.font, words), ...behaviour(data, words, gutter) });
  const series = chart.addSeries(charts.CandlestickSeries, {
    ...candleInks(state.ink), lastValueVisible: false, priceLineVisible: false,
    priceFormat: { type: "price", precision: data.decimals, minMove: 10 ** -data.decimals },
  });
  const bars = data.bars.map(([time, open, high, low, close, volume]) => ({ time, open, high, low, close, volume }));
  series.setData(bars);
  const volume = data.volume && chart.addSeries(charts.HistogramSeries, {
    color: state.ink.volume, priceScaleId: "", priceFormat: { type: "volume" }, lastValueVisible: false, priceLineVisible: false,
  });
  if (volume) {
    volume.priceScale().applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
    volume.setData(bars.map((bar) => ({ time: bar.time, value: bar.volume })));
    series.setSeriesOrder(1);
  }
  const lines = data.price_lines.map(({ price }) => series.createPriceLine({ price, lineWidth: 1, lineStyle: 3, ...lineInks(state.ink) }));
  const recolour = drawCurves(chart, series, data, charts, state);
  const marks = charts.createSeriesMarkers(series, markersOf(data, state.ink), { autoScale: false });
  series.attachPrimitive(annotations(chart, series, data, state));
  chart.timeScale().setVisibleLogicalRange(whole(bars));
  const retheme = () => {
    state.ink = inks(figure);
    chart.applyOptions(look(state.ink, state.font, words));
    series.applyOptions(candleInks(state.ink));
    if (volume) volume.applyOptions({ color: state.ink.volume });
    recolour();
    lines.forEach((line) => line.applyOptions(lineInks(state.ink)));
    marks.setMarkers(markersOf(data, state.ink));
  };
  return { chart, series, bars, words, retheme };
}

function legend(figure, { chart, bars, words }) {
  const place = figure.querySelector("[data-chart-legend]");
  if (!place) return () => {};
  const parts = ["", "O ", "H ", "L ", "C "].map((name) => {
    const part = document.createElement("span");
    const value = document.createElement("b");
    part.append(name, value);
    return [part, value];
  });
  place.replaceChildren(...parts.map(([part]) => part));
  const longest = (texts) => Math.max(...texts.map((text) => text.length));
  const widths = [longest(bars.map((bar) => words.short(bar.time))), ...Array(4).fill(2 + longest(bars.map((bar) => words.price(bar.high))))];
  widths.forEach((width, index) => { parts[index][0].style.minInlineSize = `${width}ch`; }); // nothing moves while reading
  const byTime = new Map(bars.map((bar) => [bar.time, bar]));
  const show = (bar) => [words.short(bar.time), ...[bar.open, bar.high, bar.low, bar.close].map(words.price)]
    .forEach((text, index) => { parts[index][1].textContent = text; });
  chart.subscribeCrosshairMove(({ time }) => show(byTime.get(time) ?? bars.at(-1)));
  show(bars.at(-1));
  return show;
}

// Arrow keys walk from bar to bar and say each one; the buttons move and zoom, and say what is then in view.
function controls(figure, box, { chart, series, bars, words }, show) {
  const scale = chart.timeScale();
  const live = figure.querySelector("[data-chart-live]");
  const say = (text) => { if (live) live.textContent = text; };
  const sentence = figure.dataset.say || "{time}: open {open}, high {high}, low {low}, close {close}";
  const last = bars.length - 1;
  const inside = (index) => Math.min(last, Math.max(0, index));
  let here = bars.length;

  // A new range is in force only with the next frame; until then the next key starts from the wanted one.
  let wanted;
  scale.subscribeVisibleLogicalRangeChange(() => { wanted = undefined; });
  const range = () => wanted ?? scale.getVisibleLogicalRange() ?? { from: 0, to: last };
  const see = (from, to) => {
    const all = whole(bars);
    const width = Math.min(all.to - all.from, Math.max(5, to - from));
    const start = Math.min(all.to - width, Math.max(all.from, from));
    wanted = { from: start, to: start + width };
    scale.setVisibleLogicalRange(wanted);
    return [Math.round(start + 0.5), Math.round(start + width - 0.5)];
  };
  const act = (name) => {
    const { from, to } = range();
    const width = to - from;
    const grow = { in: -0.15, out: 0.25 }[name] ?? 0;
    const step = { left: -0.25, right: 0.25 }[name] ?? 0;
    const shown = name === "reset" ? see(whole(bars).from, whole(bars).to)
      : see(from + width * (step - grow), to + width * (step + grow));
    say(shown.map((index) => words.full(bars[inside(index)].time)).join(" – "));
  };
  const read = (index) => {
    here = inside(index);
    const bar = bars[here];
    const { from, to } = range();
    if (here < from || here > to) see(here - (to - from) / 2, here + (to - from) / 2);
    chart.setCrosshairPosition(bar.close, bar.time, series);
    show(bar);
    say(sentence.replace(/\{(\w+)\}/g, (_, name) => (name === "time" ? words.full(bar.time) : words.price(bar[name]))));
  };
  const keys = {
    ArrowLeft: () => read(here - 1), ArrowRight: () => read(here + 1),
    PageUp: () => read(here - 10), PageDown: () => read(here + 10),
    Home: () => read(0), End: () => read(last),
    "+": () => act("in"), "-": () => act("out"),
  };
  const tools = figure.querySelector("[data-chart-tools]");
  const listening = new AbortController();
  const listen = (place, name, heard) => place?.addEventListener(name, heard, { signal: listening.signal });
  listen(box, "blur", () => chart.clearCrosshairPosition());
  listen(tools, "click", ({ target }) => {
    const button = target.closest("[data-chart-action]");
    if (button) act(button.dataset.chartAction);
  });
  listen(box, "keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  });
  return () => listening.abort();
}

// Of several fields for prices the one that was used last takes what is pointed at.
let lastUsed = null;
document.addEventListener("focusin", ({ target }) => { if (target.matches("[data-point-price]")) lastUsed = target; });

// A question may ask for a place on its chart: its menu of bars or its field for a price takes what was pointed at.
function pointAt(figure, time, price) {
  const question = figure.closest("[data-point]");
  const bar = question?.querySelector("[data-point-time]");
  const fields = [...(question?.querySelectorAll("[data-point-price]") ?? [])];
  const field = fields.find((one) => one === lastUsed) ?? fields.find((one) => !one.value) ?? fields[0];
  if (bar && time) bar.value = String(time);
  if (field && Number.isFinite(price)) field.value = price.toFixed(Number(field.dataset.pointPrice));
  (bar ?? field)?.dispatchEvent(new Event("change", { bubbles: true }));
}

// Only one of the two pictures is there at a time.
function present(figure, interactive) {
  figure.querySelector("[data-chart-canvas]").hidden = !interactive;
  figure.querySelector("[data-chart-still]").hidden = interactive;
  figure.toggleAttribute("data-live", interactive); // shows the buttons
}

async function draw(figure) {
  drawn.set(figure, null);
  const box = figure.querySelector("[data-chart-canvas]");
  try {
    const [charts, data] = await Promise.all([library(figure.dataset.library), fetchBars(figure.dataset.src)]);
    if (!figure.isConnected) return void drawn.delete(figure);
    present(figure, true);
    const view = build(figure, box, data, charts);
    const release = controls(figure, box, view, legend(figure, view));
    view.chart.subscribeClick(({ time, point }) => {
      if (!point) return;
      const price = view.series.coordinateToPrice(point.y);
      pointAt(figure, time, price);
      figure.dispatchEvent(new CustomEvent("chart-point", { bubbles: true, detail: { time, price: price.toFixed(data.decimals) } }));
    });
    drawn.set(figure, { retheme: view.retheme, end: () => { release(); view.chart.remove(); } });
  } catch {
    box?.replaceChildren();
    if (box) present(figure, false);
  }
}

function approach(entries) {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    nearby.unobserve(target);
    if (!drawn.has(target)) draw(target);
  }
}

function scan() {
  for (const [figure, view] of drawn) {
    if (figure.isConnected) continue;
    view?.end();
    drawn.delete(figure);
  }
  for (const figure of document.querySelectorAll(FIGURE)) if (!drawn.has(figure)) nearby.observe(figure);
}

const retheme = () => drawn.forEach((view) => view?.retheme());

// htmx announces its swaps on elements that may be gone by then; the document itself always tells.
new MutationObserver((changes) => {
  const elements = (nodes) => [...nodes].some((node) => node.nodeType === 1);
  if (changes.some((change) => elements(change.addedNodes) || elements(change.removedNodes))) scan();
}).observe(document.body, { childList: true, subtree: true });
new MutationObserver(retheme).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", retheme);
scan();
