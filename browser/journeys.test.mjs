// @ts-check
/**
 * What readers come for, from the first page to the answer.
 * @module
 */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { browse, listen, Program } from "./program.mjs";

/** @type {Program} */
let program;
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  program = await Program.start();
  browser = await browse();
});

after(async () => {
  await browser?.close();
  await program?.over();
});

/** @param {import("playwright-core").BrowserContextOptions} [options] */
async function newPage(options) {
  const page = await browser.newPage({ acceptDownloads: true, ...options });
  return { page, complaints: listen(page, program.address) };
}

/** The cell of a state and an organization in the matrix of the first page.
 * @param {import("playwright-core").Page} page @param {string} state @param {string} organization */
async function cell(page, state, organization) {
  const place = await page.locator("#matrix thead tr:last-child > *").evaluateAll(
    (heads, id) => heads.findIndex((head) => head.querySelector("a")?.getAttribute("href")?.includes(`/${id}`)),
    organization,
  );
  assert.ok(place > 0, `no column of ${organization}`);
  return page.locator(`#matrix tbody td[data-row="${state}"]`).and(
    page.locator(`#matrix tbody tr > :nth-child(${place + 1})`),
  );
}

/** The next time that the page of another day takes this one's place.
 * @param {import("playwright-core").Page} page */
const nextTurn = (page) => page.evaluate(() => new Promise((resolve) => {
  document.addEventListener("acquis:turned", () => resolve(null), { once: true });
}));

test("the date is moved, and Uzbekistan leaves and returns to the Collective Security Treaty", async () => {
  const { page, complaints } = await newPage();
  await page.goto(`${program.address}/?on=1998-01-01`);
  await page.locator("#slider").waitFor();
  const standing = async () => ((await (await cell(page, "UZB", "org:csto")).textContent()) ?? "").trim();
  const seen = [];
  for (const day of ["1998-01-01", "2000-01-01", "2008-11-01", "2013-06-01"]) {
    if (new URL(page.url()).searchParams.get("on") !== day) {
      const turned = nextTurn(page);
      await page.fill("#on", day);
      await page.locator("#on").press("Tab");
      await turned;
      await page.waitForURL((url) => url.searchParams.get("on") === day);
    }
    seen.push(await standing());
  }
  assert.match(seen[0], /^member/, "a party in 1998");
  assert.match(seen[1], /^withdrawn/, "not in 2000");
  assert.match(seen[2], /^member/, "again in 2008");
  assert.match(seen[3], /^withdrawn/, "gone in 2013");

  // By the keys of the slider, from change to change, until it is in again.
  await page.goto(`${program.address}/?on=2006-01-01`);
  await page.locator("#slider").waitFor();
  const slider = page.locator("#slider");
  await slider.focus();
  let presses = 0;
  while (!/^member/.test(await standing()) && presses < 40) {
    const turned = nextTurn(page);
    await slider.press("ArrowRight");
    await turned;
    presses += 1;
  }
  const day = (await slider.getAttribute("aria-valuetext")) ?? "";
  assert.ok(day >= "2006-01-01" && day < "2009-01-01", `it returns in time: ${day} after ${presses} steps`);
  await page.waitForURL((url) => url.searchParams.get("on") === day);
  assert.deepEqual(complaints, []);
  await page.close();
});

test("titles, links and the search follow the day that is shown", async () => {
  const { page, complaints } = await newPage();
  await page.goto(`${program.address}/?on=2000-01-01`);
  await page.locator("#slider").waitFor();
  await page.waitForLoadState("networkidle");
  // The slider is held, not let go.
  await page.locator("#slider").evaluate((node) => {
    const slider = /** @type {HTMLInputElement} */ (node);
    slider.value = String(Date.parse("2002-10-10T00:00:00Z") / 86_400_000);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  });
  assert.match((await page.locator("#matrix caption").textContent()) ?? "", /2002-10-10/);
  await page.locator("#matrix a", { hasText: "Ukraine" }).first().click();
  await page.waitForURL(/\/states\/UKR/);
  assert.equal(new URL(page.url()).searchParams.get("on"), "2002-10-10");

  await page.locator("#slider").waitFor();
  const turned = nextTurn(page);
  await page.locator("#slider").press("PageUp");
  await turned;
  const day = new URL(page.url()).searchParams.get("on");
  assert.notEqual(day, "2002-10-10");
  await page.fill("#search", "Belarus");
  await page.locator("#search").press("Enter");
  await page.waitForURL(/\/search/);
  assert.equal(new URL(page.url()).searchParams.get("on"), day);
  assert.deepEqual(complaints, []);
  await page.close();
});

test("an organ is chosen, its rule is changed row by row, and what that does is seen", async () => {
  for (const javaScriptEnabled of [true, false]) {
    const { page, complaints } = await newPage({ javaScriptEnabled });
    await page.goto(`${program.address}/votes?on=2003-01-01`);
    await page.selectOption("#choose-of", { label: "Integration Committee" });
    await page.locator("#choose button").click();
    await page.waitForURL(/organ=Integration\+Committee/);
    assert.match((await page.locator("#answer-power").textContent()) ?? "", /Can't be outvoted: RUS/);

    await page.locator("#compose-from").click();
    await page.waitForURL(/\/votes\/compose/);
    await page.locator("#compose button[value='add']").click();
    await page.locator("#compose-name6").waitFor();
    await page.fill("#compose-name6", "Uzbekistan");
    await page.fill("#compose-votes6\\.1", "4");
    await page.fill("#compose-quota1", "1/2");
    await page.selectOption("#compose-least1", "more");
    await page.locator("#compose button.primary").click();
    await page.waitForURL(/with=UZB/);
    const changes = page.locator("table#changes");
    assert.match((await changes.textContent()) ?? "", /Uzbekistan/);
    assert.match((await page.locator("#answer-power").textContent()) ?? "", /Each of them can be outvoted/);
    assert.equal(
      await page.locator("pre.notation").textContent(),
      "[>1/2; BLR=2, KAZ=2, KGZ=1, RUS=4, TJK=1, UZB=4]",
    );
    assert.deepEqual(complaints, []);

    // A mistake stands at its field, and nothing that was typed is lost.
    await page.fill("#compose-votes6\\.1", "four");
    await page.locator("#compose button.primary").click();
    await page.locator("#wrong-votes6\\.1").waitFor();
    assert.equal(await page.inputValue("#compose-votes6\\.1"), "four");
    assert.equal(await page.locator("#compose-votes6\\.1").getAttribute("aria-invalid"), "true");
    await page.close();
  }
});

test("why Armenia's association agreement clashed with the customs union is found", async () => {
  const { page, complaints } = await newPage();
  await page.goto(program.address);
  await page.fill("#search", "Armenia association");
  await page.locator("#search").press("Enter");
  await page.locator("main a", { hasText: "EU-Armenia Association Agreement" }).first().click();
  await page.waitForURL(/eu-armenia-association/);
  await page.locator("#proofs > summary").click();
  assert.match((await page.locator("#proofs").textContent()) ?? "", /new international commitments/);
  await page.goto(`${program.address}/lab`);
  await page.locator("form:has(input[value='armenia-chooses-2013']) button").click();
  await page.waitForURL(/\/lab\/scenarios\//);
  await page.locator("main a", { hasText: "Both at once" }).click();
  await page.waitForURL(/variant=both/);
  const said = (await page.locator("#desk").textContent()) ?? "";
  assert.match(said, /Armenia/);
  assert.match(said, /XXIV/, said);
  assert.deepEqual(complaints, []);
  await page.close();
});

test("the Single Economic Space is built by clicks, run, saved, reopened after a restart, and taken home", async () => {
  const { page, complaints } = await newPage();
  await page.goto(`${program.address}/lab`);
  await page.fill("#start-title", "Four that clicked");
  await page.selectOption("#start-economy", "post-soviet-2004");
  await page.fill("#start-date", "2004-12-31");
  await page.locator("form:has(#start-title) button").click();
  await page.waitForURL(/\/lab\/scenarios\//);

  const act = page.locator("form:has(#act-institution)");
  const opener = page.locator("details:has(#act-institution) > summary");
  if (await opener.count() && !(await page.locator("#act-institution").isVisible())) await opener.first().click();
  await page.selectOption("#act-institution", "agr:single-economic-space-2003");
  await page.selectOption("#act-name", "implementation");
  await page.selectOption("#act-stage", "free_trade_area");
  await page.fill("#act-on", "2004-09-01");
  for (const state of ["BLR", "KAZ", "RUS", "UKR"]) await act.locator(`input[value="${state}"]`).check();
  await act.locator("button").last().click();
  await page.getByText("5 pairs").first().waitFor();

  await page.fill("#keep-name", "Space of four");
  await Promise.all([
    page.waitForResponse((response) => response.request().method() === "POST"),
    page.locator("form.keep button").click(),
  ]);
  await page.waitForFunction(() => !document.querySelector("#desk")?.hasAttribute("aria-busy"));
  const kept = page.url();

  await page.locator("form[action$='/run'] button").click();
  await page.waitForURL(/\/lab\/runs\//);
  await page.locator("section.downloads").waitFor();
  const run = new URL(page.url()).pathname;
  assert.ok(await page.locator("main figure svg").count() > 1, "pictures of what came out");
  assert.deepEqual(complaints, []);
  await page.close();

  const before = program.address;
  program = await program.again();
  const again = await newPage();
  await again.page.goto(kept.replace(before, program.address));
  assert.match((await again.page.locator("#desk").textContent()) ?? "", /5 pairs/);
  await again.page.goto(`${program.address}/lab`);
  await again.page.locator("main a", { hasText: "Space of four" }).first().waitFor();
  await again.page.goto(program.address + run);
  await again.page.locator("section.downloads details summary").click();
  const [download] = await Promise.all([
    again.page.waitForEvent("download"),
    again.page.locator("a[href$='/files/results.parquet']").click(),
  ]);
  const bytes = await readFile(await download.path());
  assert.equal(bytes.subarray(0, 4).toString("latin1"), "PAR1");
  assert.equal(bytes.subarray(-4).toString("latin1"), "PAR1");
  const csv = await (await fetch(`${program.address}${run}/files/results.csv`)).text();
  assert.equal(csv.trim().split("\n").length, 1 + 36, "a row for each of 36 economies");
  assert.deepEqual(again.complaints, []);
  await again.page.close();
});

test("a killed program loses nothing that was saved, and marks the run that it was at", async () => {
  const form = (/** @type {Record<string, string>} */ fields) => ({
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { origin: program.address },
    redirect: /** @type {const} */ ("manual"),
  });
  const at = (/** @type {Response} */ answer) => {
    assert.equal(answer.status, 303);
    return answer.headers.get("location") ?? "";
  };
  const desk = at(await fetch(`${program.address}/lab/start`, form({ scenario: "single-economic-space-2004" })));
  // Saves until the program is killed among them: all that were answered must be there.
  /** @type {{ name: string, kept: string }[]} */
  const answered = [];
  let killed = false;
  const saving = (async () => {
    for (let number = 0; number < 400; number += 1) {
      try {
        const name = `Saved ${number}`;
        const kept = at(await fetch(`${program.address}${desk.split("?")[0]}/keep`, form({ name })));
        answered.push({ name, kept });
      } catch {
        assert.ok(killed, "only a killed program may not answer");
        return;
      }
    }
  })();
  const run = at(await fetch(`${program.address}${desk.split("?")[0]}/run`, form({})));
  await new Promise((resolve) => setTimeout(resolve, 150));
  killed = true;
  program = await program.again("SIGKILL");
  await saving;
  assert.ok(answered.length > 0);
  const last = answered[answered.length - 1];
  const lab = await (await fetch(`${program.address}/lab`)).text();
  const names = [...lab.matchAll(/Saved (\d+)/g)].map((match) => Number(match[1]));
  const number = Number(last.name.split(" ")[1]);
  // The save after the last answered one may have been done as well.
  assert.ok(names.some((name) => name === number || name === number + 1), `${last.name} is there: ${names}`);
  const told = await program.ask(`/api/v1${run}`);
  assert.ok(["done", "killed", "queued", "running"].includes(told.state.is), JSON.stringify(told.state));
});
