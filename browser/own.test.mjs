// @ts-check
/**
 * Files of the reader's own: sent, checked, kept, and used in the lab.
 * @module
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { begin, listen } from "./program.mjs";

const { program, browser } = await begin();

const TRADE = `exporter,importer,value
RUS,RUS,900\nRUS,BLR,12\nRUS,KAZ,9\nRUS,UKR,15\nRUS,ROW,140
BLR,RUS,8\nBLR,BLR,20\nBLR,KAZ,1\nBLR,UKR,1\nBLR,ROW,6
KAZ,RUS,4\nKAZ,BLR,1\nKAZ,KAZ,60\nKAZ,UKR,1\nKAZ,ROW,22
UKR,RUS,7\nUKR,BLR,1\nUKR,KAZ,1\nUKR,UKR,90\nUKR,ROW,25
ROW,RUS,110\nROW,BLR,6\nROW,KAZ,18\nROW,UKR,30\nROW,ROW,9000
`;

/** @param {string} text */
const table = (text) => [{ name: "trade.csv", mimeType: "text/csv", buffer: Buffer.from(text) }];

test("an economy of one's own is refused at its line, mended, kept, and solved in the lab", async () => {
  const page = await browser.newPage();
  const complaints = listen(page, program.address);
  await page.goto(`${program.address}/data`);
  await page.getByRole("link", { name: "Check or keep files of your own" }).click();
  const form = page.locator("#check-economy");
  const fill = async (/** @type {string} */ text) => {
    await form.locator("input[type=file]").setInputFiles(table(text));
    await form.getByLabel("Format").selectOption("long");
    await form.getByLabel("Year, if the files don't say").fill("2003");
    await form.getByLabel("Unit, if the files don't say").fill("billion USD");
    await form.getByLabel("Short name").fill("mine-2003");
    await form.getByRole("button", { name: "Keep the economy" }).click();
  };
  // The answer of a browser to a page with status 422 is a line in its console.
  await fill(TRADE.replace("RUS,ROW,140", "RUS,ROW,much"));
  await page.getByRole("heading", { name: "Not kept" }).waitFor();
  assert.match(await page.locator(".findings .place").first().innerText(), /trade\.csv:6:/);
  await page.getByRole("link", { name: "Send other files" }).click();
  await fill(TRADE);
  await page.waitForURL(/\/data\/own\/economies\/mine-2003$/);
  assert.equal(await page.locator("table#countries tbody tr").count(), 5);

  await page.getByRole("link", { name: "Start a scenario with it" }).click();
  assert.equal(await page.locator("#start-economy").inputValue(), "mine-2003.parquet");
  await page.locator("form", { has: page.locator("#start-economy") })
    .getByRole("button", { name: "Start" }).click();
  await page.locator("#matrix").waitFor();
  assert.match(await page.locator("main").innerText(), /mine-2003/);
  assert.deepEqual(complaints.filter((line) => !line.includes("422")), []);
  await page.close();
});
