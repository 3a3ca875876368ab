// Checks the built site as its readers meet it: in Chromium, by the Nu checker, by axe-core.
//
//   node check.mjs SITE MODULES        (run.sh calls it; README.md lists what is checked)
//
// SITE is the folder of the built site, MODULES the folder that holds node_modules. One line a
// check; after a FAIL, what was found, indented. The last line is `N passed, N failed`; the exit
// status is 1 where a check failed and 2 where none could be made. Nothing is asked of any network:
// the pages come from file: and from a server of this program on 127.0.0.1.

import { spawn } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import zlib from "node:zlib";

const SITE = path.resolve(process.argv[2]);
const MODULES = path.resolve(process.argv[3]);
const load = createRequire(path.join(MODULES, "package.json"));
const { chromium } = load("playwright-core");
const axeSource = fs.readFileSync(load.resolve("axe-core/axe.min.js"), "utf8");
const vnuJar = path.join(path.dirname(load.resolve("vnu-jar/package.json")), "build/dist/vnu.jar");

const RAW_LIMIT = 250_000; // bytes of a page; KB is the smaller unit, 1000 bytes
const GZIP_LIMIT = 60_000; // bytes after gzip at its default level, 6
const WIDTHS = [1440, 768, 360]; // px: a desk, a tablet, a small phone
const PRINTED_PAGES = [4, 16]; // fewest and most A4 pages of a printed report
const A4 = [595.28, 841.89]; // points

// ---- results -----------------------------------------------------------------------------------

let passed = 0, failed = 0;

/** Says the outcome of one check: it passed where `problems` is empty. */
function say(name, problems) {
  if (problems.length === 0) {
    passed++;
    console.log(`ok    ${name}`);
    return;
  }
  failed++;
  console.log(`FAIL  ${name}`);
  for (const problem of problems.slice(0, 12)) console.log(`      ${problem}`);
  if (problems.length > 12) console.log(`      and ${problems.length - 12} more`);
}

/** Runs a check that returns its problems; an exception is a problem as well. */
async function check(name, work) {
  let problems;
  try {
    problems = await work();
  } catch (error) {
    problems = [String(error.message ?? error).split("\n")[0]];
  }
  say(name, problems);
}

/** The problems of one page or view, with its name before each. */
const at = (page, problems) => problems.map(problem => `${page}: ${problem}`);

// ---- the site ----------------------------------------------------------------------------------

const pages = fs.readdirSync(SITE, { recursive: true })
  .map(name => name.split(path.sep).join("/"))
  .filter(name => name.endsWith(".html"))
  .sort();
if (!pages.includes("index.html")) {
  console.error(`check.mjs: there is no index.html in ${SITE}`);
  process.exit(2);
}
const index = JSON.parse(fs.readFileSync(path.join(SITE, "index.json"), "utf8"));

/** The slug of a report with a property; reports that were taken before come last. */
const chosen = [];
function choose(wanted) {
  const found = index.decisions.filter(wanted).map(decision => decision.slug);
  const slug = found.find(one => !chosen.includes(one)) ?? found[0];
  if (slug && !chosen.includes(slug)) chosen.push(slug);
}
const bytesOf = name => fs.statSync(path.join(SITE, name)).size;
const largest = list => list.reduce((a, b) => (bytesOf(b) > bytesOf(a) ? b : a));
const largestReport = largest(pages.filter(name => name.endsWith("/report.html"))).split("/")[0];
choose(decision => decision.verdict === "too-close");
choose(decision => decision.slug === largestReport);
choose(decision => decision.status === "superseded");
choose(decision => decision.verdict !== "decided" && decision.verdict !== "too-close");
for (let i = chosen.length; i < 3; i++) choose(decision => !chosen.includes(decision.slug));

const reports = chosen.map(slug => `${slug}/index.html`);
const singles = pages.filter(name => name.endsWith("/report.html"));
const isReport = name => index.decisions.some(decision => name.startsWith(`${decision.slug}/`));
const pricePages = pages.filter(name => name.startsWith("prices/") && name !== "prices/index.html");

// One page of every type: whatever is neither a report nor the page of one service's prices.
const types = [
  ...pages.filter(name => !isReport(name) && !pricePages.includes(name)),
  ...(pricePages.length ? [largest(pricePages)] : []),
  ...reports,
  `${largestReport}/report.html`,
];

// ---- a server below a path ---------------------------------------------------------------------

const BELOW = "/sub/path/";
const MIME = {
  html: "text/html; charset=utf-8", css: "text/css; charset=utf-8", js: "text/javascript; charset=utf-8",
  json: "application/json", svg: "image/svg+xml", md: "text/markdown; charset=utf-8",
  csv: "text/csv; charset=utf-8", xml: "application/xml",
};
// A page that breaks every promise: what does not find fault with it is not a check.
const CONTROL = `<!DOCTYPE html><html><head><title></title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src http:"></head>
<body><script>document.title = "ran";</script><img src="http://127.0.0.1:9/elsewhere.png" width="2000" height="9">
</body></html>`;

const server = http.createServer((request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  if (pathname === "/control.html") {
    response.writeHead(200, { "Content-Type": MIME.html });
    response.end(CONTROL);
    return;
  }
  let file = path.join(SITE, decodeURIComponent(pathname.slice(BELOW.length)));
  if (pathname.endsWith("/")) file = path.join(file, "index.html");
  const inside = pathname.startsWith(BELOW) && (file + path.sep).startsWith(SITE + path.sep);
  if (!inside || !fs.existsSync(file) || fs.statSync(file).isDirectory()) {
    response.writeHead(404, { "Content-Type": "text/plain" });
    response.end("not found\n");
    return;
  }
  response.writeHead(200, { "Content-Type": MIME[file.split(".").pop()] ?? "application/octet-stream" });
  fs.createReadStream(file).pipe(response);
});
await new Promise(done => server.listen(0, "127.0.0.1", done));
const origin = `http://127.0.0.1:${server.address().port}`;
const served = name => `${origin}${BELOW}${name}`;
const onDisk = name => pathToFileURL(path.join(SITE, name)).href;

// ---- Nu checker --------------------------------------------------------------------------------

// What is left out of the checker's answer, and why nothing is lost by it:
const IGNORED = [
  // The pages are written so that an XML parser reads them as well (`check --site` does, and so do
  // readers' scripts): void elements end in a slash. HTML ignores it, as the message itself says,
  // and its warning is about unquoted attribute values, of which there are none.
  /^Trailing slash on void elements has no effect/,
  // The checker reads files, for which it takes no origin to be 'self', and it refuses to read from
  // 127.0.0.1. Chromium applies the very policy below, under both schemes, and reports violations.
  /^Resource violates Content Security Policy \(meta tag\): external (stylesheet|script) “(\.\.\/)*site\.(css|js)” blocked by “(style|script)-src” directive\.$/,
  // It does not compare hashes either, and takes the single file's JSON data block for a script.
  /^Inline (style|script) violates Content Security Policy \(meta tag\)/,
];

/** The Nu checker on every page, as a map from a page to its messages. Runs beside the browser. */
function nuChecker() {
  return new Promise((done, fail) => {
    const java = spawn("java", ["-Xss1m", "-jar", vnuJar, "--format", "json", "--stdout",
      "--exit-zero-always", ...pages.map(name => path.join(SITE, name))],
    { stdio: ["ignore", "pipe", "inherit"] });
    const chunks = [];
    java.on("error", fail);
    java.stdout.on("data", chunk => chunks.push(chunk));
    java.on("close", status => {
      try {
        const found = new Map();
        for (const message of JSON.parse(Buffer.concat(chunks)).messages) {
          if (IGNORED.some(pattern => pattern.test(message.message))) continue;
          const file = message.url ? path.relative(SITE, fileURLToPath(message.url.replace(/^file:\/*/, "file:///"))) : "the checker";
          if (!found.has(file)) found.set(file, []);
          found.get(file).push(`line ${message.lastLine}: ${message.subType ?? message.type}: ${message.message}`);
        }
        done(found);
      } catch (error) {
        fail(new Error(`the Nu checker ended with status ${status}: ${error.message}`));
      }
    });
  });
}

// ---- browser -----------------------------------------------------------------------------------

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  // Playwright itself adds --headless and a fresh --user-data-dir that it removes afterwards.
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});

/**
 * A window and what went wrong in it: errors and warnings of the console (violations of the
 * Content-Security-Policy among them), exceptions, failed requests, and all addresses it asked for.
 */
async function open(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const seen = { faults: [], requests: [] };
  page.on("console", message => {
    if (["error", "warning"].includes(message.type())) seen.faults.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", error => seen.faults.push(`exception: ${error.message}`));
  page.on("requestfailed", request => seen.faults.push(`request failed: ${request.url()}`));
  page.on("response", response => {
    if (response.status() >= 400) seen.faults.push(`status ${response.status()}: ${response.url()}`);
  });
  page.on("request", request => {
    if (!request.url().startsWith("data:")) seen.requests.push(request.url());
  });
  const visit = async url => {
    seen.faults.length = 0;
    seen.requests.length = 0;
    await page.goto(url, { waitUntil: "load" });
  };
  return { page, seen, visit, close: () => context.close() };
}

const openDetails = () => document.querySelectorAll("details").forEach(one => { one.open = true; });

/** How far the page itself can be moved sideways, and the element that reaches farthest out. */
const sideways = () => {
  const root = document.scrollingElement, width = document.documentElement.clientWidth;
  const over = root.scrollWidth - width;
  if (over <= 0) return null;
  let worst = root, right = 0;
  for (const element of document.body.querySelectorAll("*")) {
    const box = element.getBoundingClientRect();
    if (box.right > right) [worst, right] = [element, box.right];
  }
  return `${over} px wider than the window, by ${worst.tagName.toLowerCase()}.${worst.getAttribute("class") ?? ""}`;
};

/** What a reader gets: the text of main without the controls, its tables and drawings. */
const content = () => {
  const main = document.querySelector("main").cloneNode(true);
  main.querySelectorAll(".js").forEach(one => one.remove());
  const shown = selector => [...document.querySelectorAll(selector)]
    .filter(one => !one.closest(".js")).map(one => one.checkVisibility() ? "shown" : "hidden").join(" ");
  return {
    text: main.textContent.replace(/\s+/g, " ").trim(),
    tables: document.querySelectorAll("main table").length,
    visible: { tables: shown("main table"), drawings: shown("main svg"), rows: shown("main tr"), sections: shown("main section") },
    controls: [...document.querySelectorAll(".js, .js *, main button, main select, main input")]
      .filter(one => one.checkVisibility()).map(one => one.tagName.toLowerCase()),
    styled: getComputedStyle(document.body).getPropertyValue("--bg").trim() !== "",
  };
};

// ---- every page, cheap checks ------------------------------------------------------------------

async function control() {
  const window = await open({ viewport: { width: 360, height: 800 } });
  await window.visit(`${origin}/control.html`);
  const missed = [];
  if (!window.seen.faults.some(fault => /Content Security Policy/.test(fault))) missed.push("a violated policy went unseen");
  if (!window.seen.requests.some(url => !url.startsWith(origin))) missed.push("a request to elsewhere went unseen");
  if (!(await window.page.evaluate(sideways))) missed.push("sideways scrolling went unseen");
  await window.page.evaluate(axeSource);
  const { violations } = await window.page.evaluate(() => axe.run(document, { preload: false }));
  if (!violations.some(rule => rule.id === "image-alt")) missed.push("an image without a text went unseen");
  await window.close();
  return missed;
}

async function everyPage() {
  const console_ = [], foreign = [], wide = [], moved = [];
  const whole = new Map();
  let window = await open({ viewport: { width: 360, height: 800 } });
  for (const name of pages) {
    await window.visit(served(name));
    console_.push(...at(name, window.seen.faults));
    foreign.push(...at(name, window.seen.requests.filter(url => !url.startsWith(origin + BELOW))));
    whole.set(name, await window.page.evaluate(content));
    if (!whole.get(name).styled) moved.push(`${name}: without its style`);
    await window.page.evaluate(openDetails);
    const over = await window.page.evaluate(sideways);
    if (over) wide.push(`${name}: ${over}`);
  }
  await window.close();
  const n = `${pages.length} pages`;
  say(`http, below a path: no console message, no violated policy, no failed request (${n})`, console_);
  say(`http, below a path: no request to anywhere else (${n})`, foreign);
  say(`http, below a path: every page has its style (${n})`, moved);
  say(`360 px: no page scrolls sideways, all breakdowns open (${n})`, wide);

  const messages = [], elsewhere = [], unstyled = [];
  window = await open();
  for (const name of pages) {
    await window.visit(onDisk(name));
    messages.push(...at(name, window.seen.faults));
    elsewhere.push(...at(name, window.seen.requests.filter(url => !url.startsWith(pathToFileURL(SITE).href + "/"))));
    if (!(await window.page.evaluate(content)).styled) unstyled.push(name);
  }
  await window.close();
  say(`file: no console message, no violated policy, no failed request (${n})`, messages);
  say(`file: no request to anywhere else (${n})`, elsewhere);
  say(`file: every page has its style (${n})`, unstyled);

  const texts = [], tables = [], controls = [];
  window = await open({ javaScriptEnabled: false });
  for (const name of pages) {
    await window.visit(onDisk(name));
    const off = await window.page.evaluate(content), on = whole.get(name);
    if (off.text !== on.text) {
      const from = [...off.text].findIndex((letter, i) => letter !== on.text[i]);
      texts.push(`${name}: ${off.text.length} characters, ${on.text.length} with it; from “${off.text.slice(from, from + 40)}”`);
    }
    if (off.text.length < 100) texts.push(`${name}: ${off.text.length} characters in all`);
    if (off.tables !== on.tables) tables.push(`${name}: ${off.tables} tables, ${on.tables} with it`);
    for (const part of ["tables", "drawings", "rows", "sections"]) {
      // At 360 px some drawings are left out; without JavaScript the page is read at 1440 px.
      if (part !== "drawings" && off.visible[part] !== on.visible[part]) tables.push(`${name}: ${part} differ in what is shown`);
    }
    if (off.controls.length) controls.push(`${name}: ${off.controls.join(" ")} shown`);
  }
  await window.close();
  say(`JavaScript off: the text of main is the same (${n})`, texts);
  say(`JavaScript off: the same tables, rows and sections are shown (${n})`, tables);
  say(`JavaScript off: controls that need it are hidden (${n})`, controls);

  const raw = [], packed = [];
  for (const name of pages) {
    const bytes = fs.readFileSync(path.join(SITE, name));
    const small = zlib.gzipSync(bytes, { level: 6 }).length;
    if (bytes.length > RAW_LIMIT) raw.push(`${name}: ${bytes.length} bytes`);
    if (small > GZIP_LIMIT) packed.push(`${name}: ${small} bytes`);
  }
  const big = largest(pages);
  say(`size: no page above ${RAW_LIMIT / 1000} KB; the largest is ${big} with ${(bytesOf(big) / 1000).toFixed(1)} KB`, raw);
  say(`size: no page above ${GZIP_LIMIT / 1000} KB after gzip`, packed);
}

async function singleFiles() {
  // As an attachment: alone in a folder.
  const folder = fs.mkdtempSync(path.join(MODULES, "alone-"));
  const problems = [];
  const window = await open();
  for (const name of singles) {
    const alone = path.join(folder, "report.html");
    fs.copyFileSync(path.join(SITE, name), alone);
    await window.visit(pathToFileURL(alone).href);
    problems.push(...at(name, window.seen.faults));
    problems.push(...at(name, window.seen.requests.slice(1).map(url => `asked for ${url}`)));
    const single = await window.page.evaluate(content);
    if (!single.styled) problems.push(`${name}: without its style`);
    if (single.controls.length) problems.push(`${name}: shows ${single.controls.join(" ")}`);
    // Nothing of the page is missing in the attachment.
    const html = fs.readFileSync(path.join(SITE, path.dirname(name), "index.html"), "utf8");
    const tables = html.split("<table").length - 1;
    if (single.tables !== tables) problems.push(`${name}: ${single.tables} tables, the page has ${tables}`);
  }
  await window.close();
  fs.rmSync(folder, { recursive: true });
  return problems;
}

// ---- axe ---------------------------------------------------------------------------------------

async function accessible(name) {
  const problems = [];
  const window = await open();
  await window.visit(served(name));
  // Folded breakdowns are read too. The policy of the page does not bind the debugger.
  await window.page.evaluate(openDetails);
  await window.page.evaluate(axeSource);
  for (const width of WIDTHS) {
    await window.page.setViewportSize({ width, height: 900 });
    for (const colorScheme of ["light", "dark"]) {
      // The scheme changes colours and nothing else: in dark, the rules on colour are enough.
      await window.page.emulateMedia({ colorScheme });
      const violations = await window.page.evaluate(async rules => {
        const result = await axe.run(document, { preload: false, resultTypes: ["violations"], ...rules });
        return result.violations.map(rule => `${rule.id} (${rule.nodes.length}): ${rule.help}: ${rule.nodes[0].target.join(" ")}`);
      }, colorScheme === "dark" ? { runOnly: ["cat.color"] } : {});
      problems.push(...at(`${width} px, ${colorScheme}`, violations));
    }
  }
  await window.close();
  return problems;
}

// ---- keyboard ----------------------------------------------------------------------------------

async function keyboard(name, width) {
  const problems = [];
  const window = await open({ viewport: { width, height: 900 } });
  const { page } = window;
  await window.visit(served(name));
  const count = await page.evaluate(() => {
    const reachable = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
      .filter(one => one.checkVisibility({ visibilityProperty: true }) && one.tabIndex >= 0 && !one.disabled);
    const walk = { reachable, order: [], dim: [], hidden: [] };
    window.walk = walk;
    addEventListener("focusin", event => {
      const one = event.target, style = getComputedStyle(one), box = one.getBoundingClientRect();
      const words = `${one.tagName.toLowerCase()} “${(one.textContent || one.name || "").trim().slice(0, 30)}”`;
      walk.order.push(reachable.indexOf(one));
      if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) walk.dim.push(`${words} shows no focus`);
      if (!box.width || !box.height || box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) {
        walk.hidden.push(`${words} has the focus out of sight`);
      }
    });
    return reachable.length;
  });
  for (let i = 0; i < count; i++) await page.keyboard.press("Tab");
  const walk = await page.evaluate(() => ({
    ...window.walk,
    reachable: window.walk.reachable.map(one => `${one.tagName.toLowerCase()} “${one.textContent.trim().slice(0, 30)}”`),
  }));
  if (!walk.reachable[walk.order[0]]?.includes("Skip to content")) problems.push(`the first is ${walk.reachable[walk.order[0]]}`);
  const reached = new Set(walk.order);
  walk.reachable.forEach((what, i) => { if (!reached.has(i)) problems.push(`${what} is not reached`); });
  if (walk.order.some((i, step) => i !== step)) {
    const step = walk.order.findIndex((i, n) => i !== n);
    problems.push(`step ${step + 1} is not the next in reading order: ${walk.reachable[walk.order[step]] ?? "an unknown element"}`);
  }
  problems.push(...walk.dim, ...walk.hidden);

  // The skip link leads into main.
  await page.evaluate(() => { document.activeElement.blur(); scrollTo(0, 0); });
  await window.visit(served(name));
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const inMain = await page.evaluate(() => document.activeElement.closest("main") !== null ||
    !document.querySelector("main").querySelector("a[href], button, [tabindex]"));
  if (!inMain) problems.push("the skip link does not lead into main");
  await window.close();
  return [count, problems];
}

async function disclosure(name) {
  const problems = [];
  const window = await open();
  const { page } = window;
  await window.visit(served(name));
  const summary = page.locator("main summary").first();
  if (await summary.count() === 0) problems.push("there is no breakdown");
  else {
    const state = () => summary.evaluate(one => one.parentElement.open);
    const before = await state();
    await summary.focus();
    await page.keyboard.press("Enter");
    if (await state() === before) problems.push("Enter does not open a breakdown");
    await page.keyboard.press("Space");
    if (await state() !== before) problems.push("Space does not close it");
  }
  const all = page.locator("[data-toggle]");
  if (await all.count()) {
    await all.first().focus();
    await page.keyboard.press("Enter");
    const closed = await all.first().evaluate(one => document.getElementById(one.dataset.toggle).querySelectorAll("details:not([open])").length);
    if (closed) problems.push(`the button leaves ${closed} breakdowns closed`);
  }
  await window.close();
  return problems;
}

// ---- portfolio ---------------------------------------------------------------------------------

async function portfolio() {
  const window = await open();
  const { page } = window;
  await window.visit(served("index.html"));
  const shown = () => page.$$eval("#list tbody tr", rows => rows.filter(row => row.checkVisibility()).map(row => row.id.slice(2)));
  const count = () => page.$eval("#filters output", one => one.value);
  const reset = async () => {
    await page.fill("[name=q]", "");
    for (const name of ["class", "status", "verdict"]) await page.selectOption(`[name=${name}]`, "");
  };
  const same = (got, wanted) => [...got].sort().join() === [...wanted].sort().join()
    ? [] : [`shown: ${got.join(" ") || "none"}`, `right: ${wanted.join(" ") || "none"}`];
  const slugs = wanted => index.decisions.filter(wanted).map(decision => decision.slug);
  const live = decision => !["superseded", "rejected", "deprecated"].includes(decision.status);

  await check("portfolio: every decision is listed", async () => same(await shown(), slugs(() => true)));
  await check("portfolio: finds a title as it is typed", async () => {
    const { title } = index.decisions[index.decisions.length - 1];
    await page.fill("[name=q]", title.toUpperCase());
    const got = await shown();
    const wanted = slugs(decision => decision.title.toLowerCase().includes(title.toLowerCase()));
    return [...same(got, wanted), ...(await count() === `${wanted.length} decision${wanted.length === 1 ? "" : "s"}` ? [] : [await count()])];
  });
  await check("portfolio: finds nothing where there is nothing", async () => {
    await page.fill("[name=q]", "no decision has this name");
    return [...same(await shown(), []), ...(await count() === "0 decisions" ? [] : [await count()])];
  });
  await reset();
  for (const verdict of new Set(index.decisions.map(decision => decision.verdict))) {
    await check(`portfolio: filter by verdict ${verdict}`, async () => {
      await page.selectOption("[name=verdict]", verdict);
      return same(await shown(), slugs(decision => decision.verdict === verdict));
    });
  }
  await reset();
  await check("portfolio: filters add up: class and status", async () => {
    await page.selectOption("[name=class]", "s");
    await page.selectOption("[name=status]", "accepted");
    // A decision that is too close has no class: the page says so in its place.
    return same(await shown(), slugs(decision => decision.class === "serverless" && decision.verdict === "decided" &&
      decision.status === "accepted"));
  });
  await reset();

  const order = async (key, way) => {
    const right = index.decisions.filter(live).map(decision => decision[key]).sort((a, b) => way * (a < b ? -1 : a > b ? 1 : 0));
    const got = (await shown()).map(slug => index.decisions.find(decision => decision.slug === slug));
    const problems = [];
    if (got.filter(live).map(decision => decision[key]).join() !== right.join()) problems.push(`order: ${got.map(one => `${one.slug} ${one[key]}`).join(", ")}`);
    if (got.some((one, i) => !live(one) && got.slice(i + 1).some(live))) problems.push("a decision that is not live stands above a live one");
    return problems;
  };
  const sorted = () => page.$eval("#list [aria-sort]", one => `${one.dataset.k} ${one.getAttribute("aria-sort")}`);
  await check("portfolio: sort by cost, largest first", async () => {
    await page.selectOption("[name=sort]", "cost");
    return [...await order("monthly_usd", -1), ...(await sorted() === "cost descending" ? [] : [await sorted()])];
  });
  await check("portfolio: sort by confidence, lowest first", async () => {
    await page.selectOption("[name=sort]", "confidence");
    return order("confidence", 1);
  });
  await check("portfolio: sort by date, newest first", async () => {
    await page.selectOption("[name=sort]", "date");
    return order("date", -1);
  });
  await check("portfolio: a column's head sorts, again turns it round, by keyboard", async () => {
    const button = page.locator("#list th[data-k=cost] button");
    await button.focus();
    await page.keyboard.press("Enter");
    const once = [...await order("monthly_usd", -1), ...(await sorted() === "cost descending" ? [] : [await sorted()])];
    await page.keyboard.press("Enter");
    return [...once, ...await order("monthly_usd", 1), ...(await sorted() === "cost ascending" ? [] : [await sorted()])];
  });
  await check("portfolio: none of this broke the policy", async () => [...window.seen.faults]);
  await window.close();
}

// ---- print -------------------------------------------------------------------------------------

async function print(name) {
  const window = await open();
  await window.visit(served(name));
  const pdf = (await window.page.pdf({ preferCSSPageSize: true })).toString("latin1");
  await window.close();
  const problems = [];
  const count = (pdf.match(/\/Type\s*\/Page\b/g) ?? []).length;
  if (count < PRINTED_PAGES[0] || count > PRINTED_PAGES[1]) problems.push(`${count} pages`);
  const boxes = [...pdf.matchAll(/\/MediaBox\s*\[([^\]]*)\]/g)].map(match => match[1].trim().split(/\s+/).map(Number));
  if (boxes.length === 0) problems.push("no page has a size");
  for (const [left, bottom, right, top] of boxes) {
    // Chromium rounds the sides to its own pixels: within a point.
    if (Math.abs(right - left - A4[0]) > 1 || Math.abs(top - bottom - A4[1]) > 1) problems.push(`a page of ${right - left} by ${top - bottom} points is not A4`);
  }
  return [count, problems];
}

// ---- the run -----------------------------------------------------------------------------------

async function inBrowser() {
  await check("the checks see a bad page: violated policy, foreign request, width, axe", control);
  await everyPage();
  await check(`single file: opens alone from file:, asks for nothing, is whole (${singles.length} reports)`, singleFiles);
  for (const [name, width] of [["index.html", 1440], [reports[0], 1440], [reports[0], 360], [`${largestReport}/report.html`, 1440],
    ["prices/index.html", 1440], ["questionnaire/index.html", 1440]]) {
    if (!pages.includes(name)) continue;
    let count = 0;
    await check(`keyboard: ${name} at ${width} px: skip link first, every element reached in order, focus visible`, async () => {
      const [steps, problems] = await keyboard(name, width);
      count = steps;
      return steps > 5 ? problems : [...problems, `only ${count} elements`];
    });
  }
  await check(`keyboard: ${reports[0]}: breakdowns open and close`, () => disclosure(reports[0]));
  await portfolio();
  for (const name of [reports[0], `${largestReport}/report.html`]) {
    await check(`print: ${name} is ${PRINTED_PAGES.join(" to ")} pages of A4`, async () => (await print(name))[1]);
  }
}

async function inAxe() {
  for (const name of types) {
    await check(`axe: ${name} at ${WIDTHS.join(", ")} px, light and dark`, () => accessible(name));
  }
}

const nu = nuChecker();
nu.catch(() => {}); // said below
await Promise.all([inBrowser(), inAxe()]);
await check(`Nu checker: valid HTML (${pages.length} pages)`, async () => {
  const found = await nu;
  return [...found].flatMap(([name, messages]) => at(name, messages));
});

await browser.close();
server.close();
server.closeAllConnections?.();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
