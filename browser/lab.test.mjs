// @ts-check
/**
 * The scenario lab at the keyboard: what was changed shows at once everywhere on the page, the
 * focus stays where it was, and nothing is deleted that nobody confirmed.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { begin, listen } from "./program.mjs";

const { program, browser } = await begin();

/** @param {import("playwright-core").BrowserContextOptions} [options] */
async function newPage(options) {
  const page = await browser.newPage(options);
  return { page, complaints: listen(page, program.address) };
}

/** A new scenario that changes nothing. @param {string} title */
const started = (title) => program.post("/lab/start", {
  title,
  economy: "post-soviet-2004",
  date: "2004-12-31",
});

/**
 * Does what posts a form of the desk, and waits for the new desk.
 * @param {import("playwright-core").Page} page
 * @param {() => Promise<unknown>} act
 */
async function change(page, act) {
  const old = await page.locator("#desk").elementHandle();
  await act();
  await page.waitForFunction((desk) => !desk?.isConnected, old);
}

/** Where the focus is. @param {import("playwright-core").Page} page */
const focused = (page) => page.evaluate(() => {
  const at = document.activeElement;
  const cell = at?.closest("td");
  return cell?.dataset.row ? `${cell.dataset.row} ${cell.dataset.column}` : at?.textContent?.trim();
});

test("the title and the facts follow a change of what is assumed", async () => {
  const { page, complaints } = await newPage();
  await page.goto(program.address + await started("What was asked first"));
  await page.locator("#settings > summary").click();
  await page.fill("#field-title", "What is asked now");
  await page.fill("#field-date", "2003-06-30");
  await page.locator("#settings button.primary").focus();
  await change(page, () => page.keyboard.press("Enter"));
  assert.equal(await page.locator("h1").textContent(), "What is asked now");
  assert.match((await page.locator(".facts").textContent()) ?? "", /law on 2003-06-30/);
  assert.equal(await focused(page), "Change");
  assert.deepEqual(complaints, []);
  await page.close();
});

test("the focus stays in its cell, and at the list of changes", async () => {
  const { page, complaints } = await newPage();
  await page.goto(program.address + await started("At the keyboard"));
  const run = page.locator("form[action$='/run'] button");
  assert.ok(await run.isDisabled());
  const why = await run.getAttribute("aria-describedby");
  assert.match((await page.locator(`#${why}`).textContent()) ?? "", /click a cell/);

  const cell = page.locator("#matrix tbody td button[aria-pressed='false']").first();
  await cell.focus();
  const place = await focused(page);
  await change(page, () => page.keyboard.press("Space"));
  assert.equal(await focused(page), place);
  assert.ok(await run.isEnabled());
  assert.equal(await page.locator("#run-help").count(), 0);
  await change(page, () => page.keyboard.press("Enter"));
  assert.equal(await focused(page), place);

  await page.locator("#matrix tbody td button[aria-pressed='false']").first().focus();
  await change(page, () => page.keyboard.press("Enter"));
  const takeBack = page.locator("ol.acts button");
  while (await takeBack.count() > 0) {
    await takeBack.last().focus();
    await change(page, () => page.keyboard.press("Enter"));
    const is = await takeBack.count() > 0 ? "Take back" : "Who is in what";
    assert.equal(await focused(page), is);
  }
  const undo = page.locator("form[action$='/undo'] button");
  while (await undo.isEnabled()) {
    await undo.focus();
    await change(page, () => page.keyboard.press("Enter"));
    assert.ok(await page.evaluate(() => document.activeElement?.closest(".desk-bar")));
  }
  assert.deepEqual(complaints, []);
  await page.close();
});

test("a saved scenario is deleted only once that is confirmed, without a script too", async () => {
  const desk = (await started("To be deleted")).split("?")[0];
  await program.post(`${desk}/keep`, { name: "To be deleted" });
  const { page, complaints } = await newPage({ javaScriptEnabled: false });
  await page.goto(`${program.address}/lab`);
  const saved = page.locator("ul.kept li", { hasText: "To be deleted" });
  const confirm = saved.locator("button");
  assert.ok(!await confirm.isVisible());
  await saved.locator("summary").click();
  await confirm.click();
  await page.waitForURL(/\/lab$/);
  assert.equal(await saved.count(), 0);
  assert.deepEqual(complaints, []);
  await page.close();
});
