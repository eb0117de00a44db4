// @ts-check
/**
 * What readers come for, from the first page to the answer.
 * @module
 */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { begin, listen } from "./program.mjs";

const { program, browser } = await begin();

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

test("Back leads to the day before, without a new page, and what was passed on the way is no day", async () => {
  const { page, complaints } = await newPage();
  await page.goto(`${program.address}/?on=1998-01-01`);
  await page.locator("#slider").waitFor();
  await page.waitForLoadState("networkidle");
  await page.evaluate(() => { document.documentElement.dataset.loaded = "once"; });
  const uzbekistan = async () => ((await (await cell(page, "UZB", "org:csto")).textContent()) ?? "").trim();
  const day = () => new URL(page.url()).searchParams.get("on");
  const length = () => page.evaluate(() => history.length);
  const before = await length();

  // Held, the slider leaves no entries; let go, one.
  const slid = nextTurn(page);
  await page.locator("#slider").evaluate((node) => {
    const slider = /** @type {HTMLInputElement} */ (node);
    for (const to of ["1998-06-01", "1999-06-01", "2000-06-01"]) {
      slider.value = String(Date.parse(`${to}T00:00:00Z`) / 86_400_000);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    }
    slider.dispatchEvent(new Event("change", { bubbles: true }));
  });
  await slid;
  assert.equal(day(), "2000-06-01");
  assert.equal(await length(), before + 1);

  // A day that is typed digit by digit is one entry, and its years 2, 20 and 200 are no days.
  await page.locator("#on").focus();
  let turns = nextTurn(page);
  await page.keyboard.type("11012008", { delay: 150 });
  await turns;
  await page.waitForURL((url) => url.searchParams.get("on") === "2008-11-01");
  await page.locator("#on").blur();
  assert.equal(await length(), before + 2);
  assert.match(await uzbekistan(), /^member/);

  // A link to a day of change, by the keyboard; the focus stays on it.
  turns = nextTurn(page);
  await page.locator("#moment a.step").first().focus();
  await page.keyboard.press("Enter");
  await turns;
  const changed = day();
  assert.ok(changed && changed < "2008-11-01", String(changed));
  assert.equal(await length(), before + 3);
  assert.match(await page.evaluate(() => document.activeElement?.className ?? ""), /step/);

  for (const [to, standing] of [["2008-11-01", /^member/], ["2000-06-01", /^withdrawn/], ["1998-01-01", /^member/]]) {
    turns = nextTurn(page);
    await page.goBack();
    await turns;
    assert.equal(day(), to);
    assert.equal(await page.locator("#on").inputValue(), to);
    assert.equal(await page.locator("#slider").getAttribute("aria-valuetext"), to);
    assert.match(await uzbekistan(), /** @type {RegExp} */ (standing), String(to));
  }
  turns = nextTurn(page);
  await page.goForward();
  await turns;
  assert.equal(day(), "2000-06-01");
  assert.equal(await page.evaluate(() => document.documentElement.dataset.loaded), "once", "nothing was loaded anew");
  assert.deepEqual(complaints, []);
  await page.close();
});

test("what was known by a day is shown as soon as the day is chosen", async () => {
  const { page, complaints } = await newPage();
  await page.goto(`${program.address}/?on=2004-06-01`);
  await page.locator("#slider").waitFor();
  await page.waitForLoadState("networkidle");
  assert.ok(!(await page.locator("#moment > button").isVisible()), "what is chosen acts by itself");
  const ticks = () => page.locator("#moment .tick").count();
  const [marks, all] = [await page.locator("#matrix tbody svg").count(), await ticks()];
  let turned = nextTurn(page);
  await page.fill("#known_by", "1996-01-01");
  await turned;
  assert.equal(new URL(page.url()).searchParams.get("known_by"), "1996-01-01");
  assert.ok(await page.locator("#matrix tbody svg").count() < marks, "less was known");
  await page.waitForFunction((all) => document.querySelectorAll("#moment .tick").length < all, all);
  turned = nextTurn(page);
  await page.goBack();
  await turned;
  assert.equal(await page.locator("#known_by").inputValue(), "");
  assert.equal(await page.locator("#matrix tbody svg").count(), marks);
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

test("a proof that was opened down to its sources stays open when the day moves", async () => {
  const { page, complaints } = await newPage();
  await page.goto(`${program.address}/pairs/BLR/RUS?on=2010-07-01`);
  await page.locator("#slider").waitFor();
  let inner = page.locator("#why-in_force");
  /** @type {string[]} */
  const opened = [];
  for (let depth = 0; depth < 4 && await inner.count(); depth += 1) {
    await inner.locator("> summary").click();
    opened.push((await inner.getAttribute("id")) ?? "");
    inner = inner.locator("> ul.proof > li > details").first();
  }
  assert.ok(opened.length > 2, `it opens further than its first part: ${opened}`);
  const turned = nextTurn(page);
  await page.locator("#slider").press("PageUp");
  await turned;
  for (const id of opened) {
    assert.ok(await page.locator(`[id="${id}"][open]`).isVisible(), `${id} stays open`);
  }
  assert.deepEqual(complaints, []);
  await page.close();
});

test("what is wrong in an act is shown at its field, and the menu of a long run leads on", async () => {
  const { page, complaints } = await newPage({ viewport: { width: 390, height: 844 } });
  const desk = await program.post("/lab/start", { scenario: "ukraine-chooses-2012" });
  await page.goto(program.address + desk);
  await page.locator("#add-act > summary").click();
  await page.fill("#act-on", "");
  await page.locator("#add-act button[type=submit]").click();
  await page.locator("#act-who-error").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.id), "act-stage");
  assert.equal(await page.locator("#act-on").getAttribute("aria-describedby"), "act-on-error");
  // That it was refused is what the browser says of the answer.
  assert.deepEqual(complaints.splice(0).filter((it) => !it.includes("422")), []);

  await page.locator("form[action$='/run'] button").click();
  await page.locator("section.downloads").waitFor();
  assert.ok(await page.locator(".contents.beside").isHidden());
  await page.locator("#contents > summary").click();
  await page.locator("#contents a").last().click();
  assert.equal(new URL(page.url()).hash, "#downloads");
  assert.equal(await page.locator("#contents").getAttribute("open"), null, "it closes behind the reader");
  const top = await page.locator("#downloads").evaluate((node) => node.getBoundingClientRect().top);
  const bottom = await page.locator(".contents.above").evaluate((node) => node.getBoundingClientRect().bottom);
  assert.ok(top >= bottom - 1, `the heading is not under the menu: ${top}, ${bottom}`);
  await page.setViewportSize({ width: 1280, height: 900 });
  assert.ok(await page.locator(".contents.beside").isVisible());
  assert.ok(await page.locator("#contents").isHidden());
  await page.locator(".contents.beside a").nth(1).click();
  const current = page.locator(".contents.beside [aria-current]");
  await page.waitForFunction(() => document.querySelectorAll(".contents.beside li")[1].querySelector("[aria-current]"));
  assert.equal(await current.count(), 1);
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
  await program.again();
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
  await program.again("SIGKILL");
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
