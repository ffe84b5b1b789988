"""What is measured inside a page, as JavaScript."""

from pathlib import Path

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
VIOLATIONS = """async () => {
    const values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    const what = {runOnly: {type: "tag", values}, resultTypes: ["violations"], preload: false};
    const found = await axe.run(what);
    return found.violations.flatMap((rule) =>
        rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}"""
CHARTS_ARE_DRAWN = """() => [...document.querySelectorAll("figure[data-chart]")].every((chart) => {
    const box = chart.getBoundingClientRect();
    const far = !box.height || box.bottom < -250 || box.top > innerHeight + 250;
    return far || chart.hasAttribute("data-live");
})"""
OVERFLOW = """() => document.documentElement.scrollWidth - document.documentElement.clientWidth"""
