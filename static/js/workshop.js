// The workshop's forms: what learners will see follows the typing, a click on its chart fills the field that was used
// last, and nobody leaves with unsaved words by accident. Without this the buttons of the page do the same.

const PAUSE = 800; // milliseconds without a key until what was typed is shown
const form = document.querySelector("form[data-shown]");
const place = document.querySelector("[data-shown-here]");
let dirty = false;
let lastUsed = null;
let waiting;
let asked = 0;

async function show() {
  const mine = ++asked;
  const answer = await fetch(form.dataset.shown, { method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin" });
  if (!answer.ok || mine !== asked) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const frame = fresh.querySelector("iframe");
  const old = place.querySelector("iframe");
  if (frame && old?.contentDocument?.querySelector("main")) {
    // Only what is inside changes, and the frame stays where it is: moved, it would load anew.
    const main = new DOMParser().parseFromString(frame.srcdoc, "text/html").querySelector("main");
    old.contentDocument.querySelector("main").replaceWith(old.contentDocument.adoptNode(main));
    fit(old);
  } else {
    place.replaceChildren(...[...fresh.body.childNodes].map((node) => document.adoptNode(node)));
    watch();
  }
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(() => show().catch(() => {}), PAUSE);
}

// As high as what it shows, so that there is one scroll bar and not two.
function fit(frame) {
  const page = frame.contentDocument?.querySelector("main > div");
  if (page) frame.style.blockSize = `${Math.ceil(page.getBoundingClientRect().bottom + frame.contentWindow.scrollY) + 32}px`;
}

function watch() {
  const frame = place?.querySelector("iframe");
  if (!frame) return;
  const ready = () => {
    const page = frame.contentDocument;
    if (!page?.body) return;
    new ResizeObserver(() => fit(frame)).observe(page.body);
    page.addEventListener("chart-point", ({ detail }) => fill(detail));
    fit(frame);
  };
  frame.addEventListener("load", ready);
  if (frame.contentDocument?.readyState === "complete") ready();
}

// Seconds as the forms write times: a day alone where the bar begins with it.
function moment(seconds) {
  const text = new Date(seconds * 1000).toISOString();
  return text.includes("T00:00:00") ? text.slice(0, 10) : text.slice(0, 16).replace("T", " ");
}

function fill({ time, price }) {
  if (!lastUsed?.isConnected) return;
  const value = lastUsed.dataset.onChart === "time" ? time && moment(time) : price;
  if (!value) return;
  lastUsed.value = value;
  lastUsed.dispatchEvent(new Event("input", { bubbles: true }));
}

if (form) {
  form.addEventListener("focusin", ({ target }) => {
    if (!target.matches("input, textarea, select")) return;
    lastUsed?.classList.remove("is-pointed-at");
    lastUsed = target.matches("[data-on-chart]") ? target : null;
    lastUsed?.classList.add("is-pointed-at");
  });
  form.addEventListener("input", () => { dirty = true; if (place) soon(); });
  form.addEventListener("submit", () => { dirty = false; });
  addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
  if (place) {
    watch();
    if (!place.querySelector("iframe")) show().catch(() => {});
  }
}
