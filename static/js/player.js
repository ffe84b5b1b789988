// Keys of the player: 1-9 choose, Enter continues, ? lists them. They work only here, never while
// typing, never with a modifier, and can be switched off (WCAG 2.1.4).

const STORE = "dracarys.keys";
const dialog = () => document.getElementById("keys"); // htmx replaces the body when someone goes back

function enabled() {
  try {
    return localStorage.getItem(STORE) !== "off";
  } catch {
    return true;
  }
}

function show() {
  document.documentElement.classList.toggle("keys-off", !enabled());
  const toggle = document.getElementById("keys-on");
  if (toggle) toggle.checked = enabled();
  for (const button of document.querySelectorAll("[data-keys]")) button.hidden = false;
}

document.addEventListener("change", ({ target }) => {
  if (target.id !== "keys-on") return;
  try {
    localStorage.setItem(STORE, target.checked ? "on" : "off");
  } catch {
    // private mode: the choice holds for this page only
  }
  show();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys]")) dialog()?.showModal();
});

function currentQuestion() {
  const focused = document.activeElement?.closest("fieldset.question");
  if (focused) return focused;
  const all = [...document.querySelectorAll("fieldset.question")];
  const middle = innerHeight / 2;
  return (
    all.find((one) => {
      const box = one.getBoundingClientRect();
      return box.top < middle && box.bottom > middle;
    }) ?? all[0]
  );
}

function choose(number) {
  const radio = currentQuestion()?.querySelectorAll("input[type='radio'], input[type='checkbox']")[number - 1];
  if (!radio) return false;
  radio.focus({ preventScroll: true });
  if (!radio.checked || radio.type === "checkbox") radio.click();
  return true;
}

function typing(target) {
  return target.closest("input:not([type='radio'], [type='checkbox']), textarea, select, [contenteditable]");
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!document.querySelector("[data-player]") || dialog()?.open) return;
  if (typing(event.target)) return;
  if (event.key === "?" && dialog()) {
    event.preventDefault();
    dialog().showModal();
    return;
  }
  if (!enabled()) return;
  if (/^[1-9]$/.test(event.key)) {
    if (choose(Number(event.key))) event.preventDefault();
  } else if (event.key === "Enter" && !event.repeat) {
    if (event.target.closest("a, button, summary, input, [tabindex='0']")) return;
    const next = document.querySelector("form[data-continue]");
    if (next) {
      event.preventDefault();
      next.requestSubmit();
    }
  }
});

// A question with menus or a text to write is answered when all of them are filled in.
function answered(question) {
  const typed = [...question.querySelectorAll("select, input[type='text']")];
  return typed.length ? typed.every((one) => one.value.trim()) : Boolean(question.querySelector("input:checked"));
}

// How many questions are answered; the sentence's first number is the one that moves.
function count() {
  const box = document.querySelector("[data-answered]");
  if (!box) return;
  const done = [...document.querySelectorAll("fieldset.question")].filter(answered).length;
  const number = box.querySelector("b");
  if (number && number.textContent !== String(done)) number.textContent = done;
  box.querySelector("progress").value = done;
}
document.addEventListener("change", count);

show();
count();
document.addEventListener("htmx:after:swap", show);
