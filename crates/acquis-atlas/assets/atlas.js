// @ts-check
/**
 * The first page while the slider moves: the marks of the matrix and the colours of the map
 * are drawn anew here, from intervals that were asked for once, so that nothing flickers and
 * nothing is asked for on the way. When the slider rests the page itself is asked for, and
 * what the server makes of the day takes the place of what was drawn here.
 * @module
 */

import { dayNumber, dayText, placeOf } from "./moment.js";

/**
 * @typedef {{ from: number, until: number, word: string, contested: boolean }} Spell
 * @typedef {{ from: number, level: number, contested: boolean }} Rung
 */

/** What the id of an organization is in the address of its page. @param {Element | null} link */
const idOf = (link) => decodeURIComponent(link?.getAttribute("href")?.split("?")[0].split("/").pop() ?? "");

/** @param {string} path @returns {Promise<any>} */
async function ask(path) {
  const address = new URL(path, location.href);
  const knownBy = new URLSearchParams(location.search).get("known_by");
  if (knownBy) address.searchParams.set("known_by", knownBy);
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

/** The spells of every party in every organization, by `organization party`. */
async function spells() {
  const rows = /** @type {any[]} */ ((await ask("/api/v1/memberships")).rows);
  /** @type {Map<string, Spell[]>} */
  const all = new Map();
  for (const row of rows) {
    const key = `${row.institution} ${row.party}`;
    const spell = {
      from: dayNumber(row.from),
      until: row.until ? dayNumber(row.until) : Infinity,
      word: row.standing,
      contested: row.contested,
    };
    const known = all.get(key);
    if (known) known.push(spell);
    else all.set(key, [spell]);
  }
  return all;
}

/** The cells of the matrix, each with its key, and what it shows now. */
function cells() {
  const table = document.querySelector("#matrix table");
  if (!(table instanceof HTMLTableElement) || !table.tHead) return [];
  const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
  const organizations = heads.map((head) => idOf(head.querySelector("a")));
  const found = [];
  for (const row of table.tBodies[0].rows) {
    for (const cell of row.cells) {
      const state = cell.dataset.row;
      if (!state) continue;
      const organization = organizations[cell.cellIndex];
      found.push({ cell, key: `${organization} ${state}`, organization, shown: "?" });
    }
  }
  return found;
}

/** The marks, made by the server, by `word contested`. */
function marks() {
  const template = document.getElementById("marks");
  /** @type {Map<string, Node>} */
  const all = new Map();
  if (template instanceof HTMLTemplateElement) {
    for (const cell of template.content.querySelectorAll("td[data-column]")) {
      if (!(cell instanceof HTMLElement) || !cell.firstElementChild) continue;
      all.set(`${cell.dataset.column} ${cell.dataset.row}`, cell.firstElementChild);
    }
  }
  return all;
}

/** @param {Spell[] | undefined} list @param {number} day */
const on = (list, day) => list?.find((spell) => spell.from <= day && day < spell.until);

/** Draws the matrix on any day. */
async function matrix() {
  let all = await spells();
  document.addEventListener("acquis:known", () => spells().then((now) => { all = now; }, () => {}));
  const drawn = marks();
  let found = cells();
  document.addEventListener("acquis:turned", () => { found = cells(); });
  return (/** @type {number} */ day) => {
    for (const at of found) {
      const spell = on(all.get(at.key), day);
      const shows = spell ? `${spell.word} ${spell.contested ? "contested" : "plain"}` : "";
      if (shows === at.shown) continue;
      at.shown = shows;
      const mark = drawn.get(shows);
      at.cell.replaceChildren(...(mark ? [mark.cloneNode(true)] : []));
    }
  };
}

/** How deep the stage with every partner was, by state. @param {string} state */
async function courses(state) {
  const answer = await ask(`/api/v1/stages/${encodeURIComponent(state)}`);
  /** @type {Map<string, { days: number[], levels: number[] }>} */
  const all = new Map();
  for (const partner of answer.partners) {
    all.set(partner.state, {
      days: partner.steps.map((/** @type {any} */ step) => dayNumber(step.day)),
      levels: partner.steps.map((/** @type {any} */ step) => step.depth),
    });
  }
  return all;
}

/** Draws the map of stages on any day. */
async function map() {
  const room = document.querySelector("#map[data-with]");
  if (!(room instanceof HTMLElement)) return () => {};
  const chosen = String(room.dataset.with);
  let all = await courses(chosen);
  document.addEventListener("acquis:known", () => courses(chosen).then((now) => { all = now; }, () => {}));
  const find = () => [...document.querySelectorAll("#map .aq-state[data-state]")].map((node) => ({
    path: node.querySelector("path, rect"),
    state: node.getAttribute("data-state") ?? "",
    shown: "?",
  }));
  let found = find();
  document.addEventListener("acquis:turned", () => { found = find(); });
  return (/** @type {number} */ day) => {
    for (const at of found) {
      const course = all.get(at.state);
      if (!course || !at.path) continue;
      const place = placeOf(course.days, day);
      const shows = `aq-s${place < 0 ? 0 : course.levels[place]}`;
      if (shows === at.shown) continue;
      at.shown = shows;
      at.path.setAttribute("class", at.path.getAttribute("class")?.replace(/\baq-s\d\b/, shows) ?? shows);
    }
  };
}

/** The titles of the pictures, which name the day. */
async function titles() {
  const find = () => {
    const field = /** @type {HTMLInputElement | null} */ (document.getElementById("on"));
    const shown = new URLSearchParams(location.search).get("on") ?? field?.defaultValue ?? "";
    const found = [];
    const walker = document.createTreeWalker(document.querySelector("#content") ?? document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.textContent ?? "";
      const parent = node.parentElement;
      if (shown && text.includes(shown) && parent?.closest("caption, figcaption, h2, h3, .source")) {
        found.push({ node, parts: text.split(shown) });
      }
    }
    return found;
  };
  let found = find();
  document.addEventListener("acquis:turned", () => { found = find(); });
  return (/** @type {number} */ day) => {
    const text = dayText(day);
    for (const at of found) at.node.textContent = at.parts.join(text);
  };
}

/** @type {Array<(day: number) => void>} */
const drawers = [];
for (const drawer of [matrix(), map(), titles()]) drawer.then((draw) => drawers.push(draw)).catch(() => {});

document.addEventListener("acquis:moment", (event) => {
  if (!(event instanceof CustomEvent) || event.detail.rests) return;
  for (const draw of drawers) draw(event.detail.day);
});
