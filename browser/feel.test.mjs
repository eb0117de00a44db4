// @ts-check
/**
 * How it feels: the first paint, and the slider while it moves.
 * @module
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { PAGES } from "./pages.mjs";
import { begin } from "./program.mjs";

/** A page shows something in this time. */
const FIRST_PAINT_MS = 1_000;
/** Frames in a second while the date moves. */
const FRAMES = 30;

const { program, browser } = await begin();

const median = (/** @type {number[]} */ values) => values.toSorted((a, b) => a - b)[values.length >> 1];

test("the first paint comes within a second", async (context) => {
  /** @type {Record<string, number>} */
  const painted = {};
  for (const [name, path] of Object.entries(PAGES)) {
    const times = [];
    for (let turn = 0; turn < 3; turn += 1) {
      const page = await browser.newPage();
      await page.goto(program.address + path);
      times.push(await page.evaluate(() => new Promise((resolve) => {
        new PerformanceObserver((list, observer) => {
          const entry = list.getEntriesByName("first-contentful-paint")[0];
          if (!entry) return;
          observer.disconnect();
          resolve(entry.startTime);
        }).observe({ type: "paint", buffered: true });
      })));
      await page.close();
    }
    painted[name] = Math.round(median(times));
  }
  context.diagnostic(`first contentful paint, ms: ${JSON.stringify(painted)}`);
  for (const [name, time] of Object.entries(painted)) {
    assert.ok(time < FIRST_PAINT_MS, `${name}: ${time} ms`);
  }
});

test("while the date moves the page is drawn thirty times a second, without asking", async (context) => {
  for (const view of ["matrix", "map"]) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(`${program.address}/?on=1992-01-01&view=${view}`);
    await page.locator("#slider").waitFor();
    await page.waitForLoadState("networkidle");
    let asked = 0;
    page.on("request", () => { asked += 1; });
    const frames = /** @type {number[]} */ (await page.evaluate(() => new Promise((resolve) => {
      const slider = /** @type {HTMLInputElement} */ (document.getElementById("slider"));
      const [least, most] = [Number(slider.min), Number(slider.max)];
      /** @type {number[]} */
      const times = [];
      const start = performance.now();
      const step = (/** @type {number} */ now) => {
        times.push(now);
        const share = (now - start) / 2_000;
        if (share >= 1) {
          resolve(times);
          return;
        }
        slider.value = String(Math.round(least + Math.max(0, share) * (most - least)));
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        requestAnimationFrame(step);
      };
      requestAnimationFrame(step);
    })));
    const gaps = frames.slice(1).map((time, number) => time - frames[number]).toSorted((a, b) => a - b);
    const usual = 1_000 / gaps[gaps.length >> 1];
    const slow = 1_000 / gaps[Math.floor(gaps.length * 0.95)];
    context.diagnostic(`${view}: ${usual.toFixed(0)} frames a second, ${slow.toFixed(0)} in the slowest twentieth`);
    assert.ok(frames.length >= 2 * FRAMES, `${view}: ${frames.length} frames in two seconds`);
    assert.equal(asked, 0, `${view}: nothing is asked on the way`);
    await page.close();
  }
});
