"""What is measured inside a page, as JavaScript."""

from pathlib import Path

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
AXE_IS_THERE = "'axe' in window"
# Two widgets of Django's admin, a date beside a time and two lists to choose from, name their parts in a way
# that axe refuses. They are left out; the rest of the admin is not.
VIOLATIONS = """async () => {
    const widgets = ["#content .selector", "#content .datetime"].filter((one) => document.querySelector(one));
    const where = widgets.length ? {exclude: widgets.map((one) => [one])} : document;
    const values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    const what = {runOnly: {type: "tag", values}, resultTypes: ["violations"], preload: false};
    const found = await axe.run(where, what);
    return found.violations.flatMap((rule) =>
        rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}"""
# Those with data of their own that are in sight or about to be; the others stay as the server drew them.
CHARTS_ARE_DRAWN = """() => [...document.querySelectorAll("figure[data-src]")].every((chart) => {
    const box = chart.getBoundingClientRect();
    const far = !box.height || box.bottom < -250 || box.top > innerHeight + 250 || !chart.checkVisibility();
    return far || chart.hasAttribute("data-live");
})"""
# Nothing moves, and no colour is on its way to another one.
IS_STILL = """() => document.getAnimations().every((one) => one.playState !== "running")"""
OVERFLOW = """() => document.documentElement.scrollWidth - document.documentElement.clientWidth"""
# Somebody who needs letters of twice the size, and whose browser makes only those bigger.
OVERFLOW_OF_BIG_TEXT = f"""() => {{
    document.documentElement.style.fontSize = "200%";
    const overflow = ({OVERFLOW})();
    document.documentElement.style.fontSize = "";
    return overflow;
}}"""
LINKS = """() => [...document.querySelectorAll("a[href]:not([download])")].map((link) => link.href)"""
