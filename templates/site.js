// Progressive enhancement only: every page is complete without this file.
"use strict";
const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// Report: print; open or close every breakdown; open the one that a link leads to.
one("[data-print]")?.addEventListener("click", () => print());
one("[data-toggle]")?.addEventListener("click", event => {
  const details = all("details", document.getElementById(event.target.dataset.toggle));
  const open = details.some(d => !d.open);
  details.forEach(d => { d.open = open; });
  event.target.textContent = (open ? "Close" : "Open") + " all breakdowns";
});
const reveal = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target) all("details", target).slice(0, 1).forEach(d => { d.open = true; });
};
addEventListener("hashchange", reveal);
reveal();

// Portfolio: filter and sort.
const list = one("#list"), filters = one("#filters");
if (list && filters) {
  const body = list.tBodies[0], rows = [...body.rows], form = filters.elements;
  const heads = all("th[data-k]", list);
  const first = { margin: 1, cost: -1, title: 1, confidence: 1, date: -1, status: 1, class: 1, effect: 1 };
  const numbers = new Set(["margin", "cost", "confidence"]);
  const value = (row, key) => {
    const text = row.dataset[key];
    return numbers.has(key) ? (text === "" ? -Infinity : Number(text)) : text;
  };
  const sort = (key, way) => {
    rows.sort((a, b) => a.classList.contains("old") - b.classList.contains("old") ||
      (value(a, key) < value(b, key) ? -way : value(a, key) > value(b, key) ? way : 0));
    body.append(...rows);
    heads.forEach(head => head.dataset.k === key
      ? head.setAttribute("aria-sort", way > 0 ? "ascending" : "descending")
      : head.removeAttribute("aria-sort"));
  };
  const filter = () => {
    const wanted = form.q.value.trim().toLowerCase();
    let shown = 0;
    rows.forEach(row => {
      row.hidden = !(row.dataset.search.includes(wanted) &&
        ["class", "status", "verdict"].every(key => !form[key].value || form[key].value === row.dataset[key]));
      shown += !row.hidden;
    });
    form.count.value = shown + (shown === 1 ? " decision" : " decisions");
  };
  filters.addEventListener("submit", event => event.preventDefault());
  filters.addEventListener("input", event => event.target === form.sort
    ? sort(form.sort.value, first[form.sort.value]) : filter());
  heads.forEach(head => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const key = head.dataset.k, now = head.getAttribute("aria-sort");
      sort(key, now ? (now === "ascending" ? -1 : 1) : first[key]);
      if ([...form.sort.options].some(option => option.value === key)) form.sort.value = key;
    });
  });
  filter();
}
