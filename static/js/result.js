// Numbers count up once, in 0.9 s; not at all for those who ask for less motion.

const DURATION = 900;
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

function run(element) {
  const goal = Number(element.dataset.count);
  if (!Number.isFinite(goal) || goal <= 0) return;
  const format = new Intl.NumberFormat(document.documentElement.lang || "en");
  const start = performance.now();
  element.textContent = "0";
  const frame = (now) => {
    const part = Math.min(1, (now - start) / DURATION);
    const eased = 1 - (1 - part) ** 3;
    element.textContent = format.format(Math.round(goal * eased));
    if (part < 1) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

if (!calm) document.querySelectorAll("[data-count]").forEach(run);
