// A word of the glossary opens its definition in place. Fetched by app.js with the first tap.

const definitions = new Map(); // address to a promise of its HTML: fetched once
const place = Object.assign(document.createElement("div"), { id: "term", className: "term-card", popover: "auto", tabIndex: -1 });
place.setAttribute("role", "dialog");
place.setAttribute("aria-labelledby", "term-word");
let asked; // the link that was tapped last
let opener; // the one in the text, where the focus goes back to

function definition(address) {
  if (!definitions.has(address)) {
    const fetched = fetch(address, { headers: { "HX-Request": "true" } }).then((answer) => {
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      return answer.text();
    });
    fetched.catch(() => definitions.delete(address));
    definitions.set(address, fetched);
  }
  return definitions.get(address);
}

// Under the word where there is room, above it where there is none; on a narrow screen at the bottom.
function beside(link) {
  const { left, bottom, top } = link.getBoundingClientRect();
  const { width, height } = place.getBoundingClientRect();
  const under = bottom + 8 + height < innerHeight ? bottom + 8 : Math.max(8, top - height - 8);
  place.style.setProperty("--x", `${Math.max(16, Math.min(left, innerWidth - width - 16))}px`);
  place.style.setProperty("--y", `${under}px`);
}

// Raises when the definition cannot be had.
export async function open(link) {
  asked = link;
  const html = await definition(link.href);
  if (asked !== link || !link.isConnected) return;
  const isWithin = place.contains(link); // a word in a definition takes its place
  if (!isWithin) opener = link;
  place.innerHTML = html; // our own page's, sanitised when it was saved
  if (!place.isConnected) document.body.append(place); // htmx replaces the body when someone goes back
  if (!place.matches(":popover-open")) place.showPopover();
  if (!isWithin) beside(link);
  place.focus({ preventScroll: true });
}

place.addEventListener("toggle", (event) => {
  if (event.newState !== "closed") return;
  const focused = document.activeElement;
  const nowhere = !focused || focused === document.body || place.contains(focused);
  if (nowhere) opener?.focus({ preventScroll: true });
});

place.addEventListener("click", (event) => {
  if (event.target.closest(".term-close")) place.hidePopover();
});
