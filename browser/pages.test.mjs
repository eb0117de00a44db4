// @ts-check
/**
 * Every kind of page as different readers meet it: with and without scripts, in light and dark,
 * on a phone, by keyboard, with a screen reader. Pictures of all of them are kept.
 * @module
 */

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { PAGES } from "./pages.mjs";
import { begin, listen } from "./program.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const PICTURES = process.env.PICTURES ?? fileURLToPath(new URL("../target/pictures", import.meta.url));
const WIDE = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

const { program, browser } = await begin();
/** Pages that are there only once somebody worked in the lab. @type {Record<string, string>} */
const worked = {};

before(async () => {
  mkdirSync(PICTURES, { recursive: true });
  const desk = await program.post("/lab/start", { scenario: "single-economic-space-2004" });
  worked.desk = desk;
  const runs = [];
  for (let number = 0; number < 2; number += 1) {
    const run = await program.post(`${desk.split("?")[0]}/run`, {});
    for (;;) {
      const { state } = await program.ask(`/api/v1${run}`);
      if (state.is === "done") break;
      assert.ok(["queued", "running"].includes(state.is), JSON.stringify(state));
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    runs.push(run);
  }
  worked.run = runs[0];
  worked.compare = `/lab/compare?${runs.map((run) => `run=${run.split("/").pop()}`).join("&")}`;
});

const all = () => Object.entries({ ...PAGES, ...worked });

/**
 * Opens every page one after the other and keeps a picture of each.
 * @param {string} name of the pictures
 * @param {import("playwright-core").BrowserContextOptions} options
 * @param {(page: import("playwright-core").Page, name: string) => Promise<string[]>} look what is wrong
 */
async function everywhere(name, options, look) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints = listen(page, program.address);
  /** @type {string[]} */
  const wrong = [];
  for (const [kind, path] of all()) {
    await page.goto(program.address + path, { waitUntil: "load" });
    await page.screenshot({ path: join(PICTURES, `${kind}-${name}.png`), fullPage: true });
    for (const complaint of [...complaints.splice(0), ...await look(page, kind)]) {
      wrong.push(`${path}: ${complaint}`);
    }
  }
  await context.close();
  assert.deepEqual(wrong, []);
}

/** What axe finds that is serious. @param {import("playwright-core").Page} page */
async function axe(page) {
  // The policy of the pages lets no script in but their own; a debugger may.
  await page.evaluate(await (await import("node:fs/promises")).readFile(AXE, "utf8"));
  const found = await page.evaluate(async () => {
    const tool = /** @type {any} */ (window).axe;
    const result = await tool.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    });
    return result.violations.map((/** @type {any} */ violation) => ({
      id: violation.id,
      impact: violation.impact,
      where: violation.nodes.slice(0, 3).map((/** @type {any} */ node) => node.target.join(" ")),
      why: violation.nodes[0]?.failureSummary,
      count: violation.nodes.length,
    }));
  });
  return found
    .filter((/** @type {any} */ it) => ["serious", "critical"].includes(it.impact))
    .map((/** @type {any} */ it) => `${it.id} (${it.count}): ${it.where.join(" | ")} ${it.why}`);
}

/** How far the page is wider than the window. @param {import("playwright-core").Page} page */
const overflow = async (page) => {
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  return wider > 0 ? [`${wider} pixels too wide`] : [];
};

test("in light", () => everywhere("light", { viewport: WIDE, colorScheme: "light" }, axe));

test("in dark", () => everywhere("dark", { viewport: WIDE, colorScheme: "dark" }, axe));

test("on a phone", () => everywhere(
  "phone",
  { viewport: PHONE, deviceScaleFactor: 1, isMobile: true, hasTouch: true },
  async (page) => [...await overflow(page), ...await axe(page)],
));

test("without scripts pages are read and forms asked", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: WIDE });
  const page = await context.newPage();
  const complaints = listen(page, program.address);
  for (const [, path] of all()) {
    await page.goto(program.address + path);
    assert.ok(((await page.locator("main").textContent()) ?? "").trim().length > 40, path);
  }
  await page.goto(`${program.address}/?on=2004-06-01`);
  await page.fill("#on", "2010-07-01");
  await page.locator("#moment button").click();
  assert.equal(new URL(page.url()).searchParams.get("on"), "2010-07-01");
  await page.fill("#search", "Belarus");
  await page.locator("#search").press("Enter");
  await page.waitForURL(/\/search\?/);
  await page.locator("main a[href^='/states/BLR']").first().click();
  assert.match(page.url(), /\/states\/BLR/);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("by keyboard the date, the search and the tables are reached, and the focus is seen", async () => {
  const page = await browser.newPage({ viewport: WIDE });
  await page.goto(`${program.address}/?on=2004-06-01`);
  await page.locator("#slider").waitFor();
  const reached = new Set();
  for (let press = 0; press < 60; press += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const node = document.activeElement;
      if (!(node instanceof HTMLElement) && !(node instanceof SVGElement)) return null;
      const style = getComputedStyle(node);
      const seen = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1)
        || style.boxShadow !== "none";
      return { id: node.id, tag: node.tagName, seen, inTable: Boolean(node.closest("table")) };
    });
    if (!at || at.tag === "BODY") break;
    assert.ok(at.seen, `the focus on ${at.tag} #${at.id} is not seen`);
    if (at.id) reached.add(at.id);
    if (at.inTable) reached.add("table");
  }
  for (const id of ["search", "on", "slider", "play", "table"]) assert.ok(reached.has(id), `${id}: ${[...reached]}`);
  // The first stop leads past the navigation.
  await page.goto(`${program.address}/?on=2004-06-01`);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.match(page.url(), /#content$/);
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "search");
  await page.close();
});
