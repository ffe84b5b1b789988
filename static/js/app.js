// Everything here is a convenience: each page works without it.

// Elements are looked up when needed: htmx replaces the body when someone goes back.
const LIMIT = 3;

function toast(text) {
  const toasts = document.getElementById("toasts");
  const template = document.getElementById("toast");
  if (!toasts || !template) return;
  const notice = template.content.firstElementChild.cloneNode(true);
  notice.classList.add("toast");
  if (text) {
    notice.classList.replace("bad", "info");
    notice.querySelector("p").textContent = text;
  }
  while (toasts.children.length >= LIMIT) toasts.firstElementChild.remove();
  toasts.append(notice);
  reveal(notice);
}

function reveal(root) {
  for (const button of root.querySelectorAll("[data-dismiss]")) button.hidden = false;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-dismiss]");
  if (button) button.closest(".notice").remove();
});

// Theme: the form works by itself; here it changes the page without a reload.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-theme-form]");
  if (!form || !event.submitter) return;
  event.preventDefault();
  const choice = event.submitter.value;
  document.documentElement.dataset.theme = choice;
  for (const button of form.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.value === choice));
  }
  const body = new URLSearchParams(new FormData(form, event.submitter));
  body.set("next", new URL(import.meta.url).pathname); // the answer leads to this file, not to a whole page
  document.dispatchEvent(new CustomEvent("themechange"));
  try {
    await fetch(form.action, { method: "POST", body });
  } catch {
    toast();
  }
});

// A step was swapped in: start at its top, with focus on its heading.
document.addEventListener("htmx:after:swap", () => {
  const heading = document.querySelector("#step h2[tabindex='-1']");
  if (!heading || heading.dataset.seen) return;
  heading.dataset.seen = "yes";
  scrollTo(0, 0);
  heading.focus({ preventScroll: true });
});
// The first step came with the page: what is swapped beside it later leads nobody away from there.
const first = document.querySelector("#step h2[tabindex='-1']");
if (first) first.dataset.seen = "yes";
// An answer that is not the next step (signed out, form too old) is a page of its own, not a part of this one.
document.addEventListener("htmx:before:swap", (event) => {
  const form = event.detail.ctx?.sourceElement;
  const answer = event.detail.ctx?.response?.raw;
  if (!answer || !form?.matches?.("[data-continue], .paper, [data-beside]")) return;
  if (answer.ok && !answer.redirected) return;
  // Its errors are parts of the page; only a form that is too old (403) is not.
  if (form.matches("[data-beside]") && !answer.redirected && answer.status !== 403) return;
  if (form.matches(".paper")) {
    if (answer.ok) toast();
    return;
  }
  event.preventDefault();
  if (answer.ok) location.assign(answer.url);
  else if (answer.status < 500) form.submit();
});
document.addEventListener("htmx:response:error", (event) => {
  const { sourceElement, response } = event.detail?.ctx ?? {};
  const saysItself = sourceElement?.matches?.("[data-beside]") && response?.raw?.status < 500;
  if (!saysItself) toast();
});
document.addEventListener("htmx:error", () => toast());
document.addEventListener("toast", (event) => toast(event.detail?.value));

// A word of the glossary: its definition in place. Where that does not work the link leads to its page.
document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a.term");
  const terms = document.querySelector("script[data-terms]")?.dataset.terms;
  if (!link || !terms || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (!HTMLElement.prototype.showPopover) return;
  event.preventDefault();
  try {
    await (await import(terms)).open(link);
  } catch {
    location.assign(link.href);
  }
});

// Time zone: filled in when nobody has chosen one.
for (const select of document.querySelectorAll("select[name='timezone'][data-detect]")) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const known = [...select.options].some((option) => option.value === zone);
  const untouched = !select.value || select.value === "UTC";
  if (known && untouched) select.value = zone;
}

// Links of the error summary put the cursor into the field.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".error-summary a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  const target = field.matches("fieldset") ? field.querySelector("input") : field;
  (field.closest(".field") ?? field).scrollIntoView({ block: "start" });
  target?.focus({ preventScroll: true });
});

reveal(document);
document.getElementById("error-summary")?.focus();
