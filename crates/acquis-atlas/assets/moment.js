// @ts-check
/**
 * The slider of the moment: a track with a mark for every day on which something changed, the
 * keys, and a button that plays the years. It drives the field of the form beside it, so that
 * whatever listens to the field needs to know nothing of the slider.
 *
 * While the slider moves the document is told by `acquis:moment`, so that a page can draw
 * itself. Once it rests the page of that day is asked for and takes the place of this one,
 * without the reader losing their place; then the document is told by `acquis:turned`.
 * @module
 */

const DAY = 86_400_000;
const SVG = "http://www.w3.org/2000/svg";
/** The arrow keys and the button go from change to change; the page keys by years. */
const YEAR = 365.25;

/** @param {string} text a day such as 2004-06-01 */
export const dayNumber = (text) => Math.round(Date.parse(`${text}T00:00:00Z`) / DAY);
/** @param {number} number of days since 1970 */
export const dayText = (number) => new Date(number * DAY).toISOString().slice(0, 10);

/** @param {number[]} days in order @param {number} day the last one that is not after `day` */
export function placeOf(days, day) {
  let low = 0;
  let high = days.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (days[middle] <= day) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement} room where the slider goes
 * @param {HTMLInputElement} field with the day
 */
async function slider(form, room, field) {
  const knownBy = new URLSearchParams(location.search).get("known_by");
  const address = new URL(String(room.dataset.days), location.href);
  if (knownBy) address.searchParams.set("known_by", knownBy);
  const answer = await fetch(address);
  if (!answer.ok) return;
  const days = /** @type {string[]} */ ((await answer.json()).days).map(dayNumber);
  // Long before the first act of most there is little to see.
  const from = dayNumber(String(room.dataset.from));
  const until = Math.max(days[days.length - 1] + 200, dayNumber(field.value));
  const shown = days.filter((day) => day >= from);

  const range = document.createElement("input");
  range.type = "range";
  range.min = String(from);
  range.max = String(until);
  range.step = "1";
  range.value = String(dayNumber(field.value));
  range.id = "slider";
  range.setAttribute("aria-label", "Day");
  const play = document.createElement("button");
  play.type = "button";
  play.id = "play";
  const track = document.createElement("div");
  track.className = "track";
  track.append(range, marks(shown, from, until));
  room.replaceChildren(play, track);
  room.hidden = false;

  let waiting = 0;
  /** @param {number} day @param {boolean} rests */
  const show = (day, rests) => {
    const text = dayText(day);
    field.value = text;
    range.value = String(day);
    range.setAttribute("aria-valuetext", text);
    document.dispatchEvent(new CustomEvent("acquis:moment", { detail: { day, text, rests } }));
    clearTimeout(waiting);
    if (rests) waiting = setTimeout(() => turn(form), 120);
  };
  range.addEventListener("input", () => show(Number(range.value), false));
  range.addEventListener("change", () => show(Number(range.value), true));
  range.addEventListener("keydown", (event) => {
    const at = Number(range.value);
    /** @type {Record<string, () => number | undefined>} */
    const keys = {
      ArrowRight: () => shown.find((day) => day > at),
      ArrowLeft: () => shown.findLast((day) => day < at),
      PageUp: () => Math.min(until, Math.round(at + YEAR)),
      PageDown: () => Math.max(from, Math.round(at - YEAR)),
    };
    const next = keys[event.key]?.();
    if (next === undefined) return;
    event.preventDefault();
    show(next, true);
  });
  field.addEventListener("change", () => {
    if (field.validity.valid && field.value) show(dayNumber(field.value), true);
  });
  playing(play, () => Number(range.value), from, until, show);
  range.setAttribute("aria-valuetext", field.value);
}

/** What of a page is about the day. */
const PARTS = ["#content", ".masthead nav", "#moment .steps", ".page-foot", "#meanings"];

/** Which page was asked for last: an older one that comes later is not shown. */
let asked = 0;

/**
 * Puts the page that the form asks for in the place of this one.
 * @param {HTMLFormElement} form
 */
async function turn(form) {
  const address = new URL(form.action, location.href);
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value) address.searchParams.append(name, value);
  }
  asked += 1;
  const mine = asked;
  try {
    const answer = await fetch(address, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== asked) return;
    const open = [...document.querySelectorAll("#content details[id][open]")].map((node) => node.id);
    for (const part of PARTS) {
      const [here, there] = [document.querySelector(part), page.querySelector(part)];
      if (here && there) here.replaceWith(document.adoptNode(there));
    }
    for (const id of open) {
      const drawer = document.getElementById(id);
      if (drawer instanceof HTMLDetailsElement) drawer.open = true;
    }
    keepInSearch(page);
    document.title = page.title;
    history.replaceState(null, "", address);
    document.dispatchEvent(new CustomEvent("acquis:turned"));
  } catch {
    form.requestSubmit();
  }
}

/**
 * The search asks at the moment that is shown.
 * @param {Document} page
 */
function keepInSearch(page) {
  const [here, there] = [document, page].map((of) => of.querySelector("form.search"));
  if (!here || !there) return;
  for (const old of here.querySelectorAll("input[type=hidden]")) old.remove();
  for (const field of there.querySelectorAll("input[type=hidden]")) {
    here.prepend(document.adoptNode(field));
  }
}

/**
 * While the slider moves the links still lead to the day on which the page was made: they are
 * followed at the day that is shown.
 * @param {HTMLInputElement} field with the day
 */
function followAtTheDay(field) {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    const to = link?.getAttribute("href");
    if (!link || !to?.startsWith("/")) return;
    const made = new URLSearchParams(location.search).get("on");
    const address = new URL(to, location.href);
    if (address.searchParams.get("on") !== made || made === field.value || !field.value) return;
    if (link.closest("#moment") || address.pathname.startsWith("/api/")) return;
    address.searchParams.set("on", field.value);
    link.setAttribute("href", address.pathname + address.search + address.hash);
  }, { capture: true });
}

/**
 * @param {HTMLButtonElement} button
 * @param {() => number} now
 * @param {number} from
 * @param {number} until
 * @param {(day: number, rests: boolean) => void} show
 */
function playing(button, now, from, until, show) {
  let frame = 0;
  let last = 0;
  const say = () => {
    button.textContent = frame ? "❚❚" : "▶";
    button.setAttribute("aria-label", frame ? "Stop" : "Play the years");
    button.title = frame ? "Stop" : "Play the years";
  };
  /** @param {number} time in milliseconds */
  const step = (time) => {
    // A year and a half in a second, whatever the frame rate.
    const day = now() + Math.max(1, Math.round(((time - last) / 1000) * 1.5 * YEAR));
    last = time;
    if (day >= until) {
      show(until, true);
      frame = 0;
      say();
      return;
    }
    show(day, false);
    frame = requestAnimationFrame(step);
  };
  button.addEventListener("click", () => {
    if (frame) {
      cancelAnimationFrame(frame);
      frame = 0;
      show(now(), true);
    } else {
      if (now() >= until) show(from, false);
      last = performance.now();
      frame = requestAnimationFrame(step);
    }
    say();
  });
  say();
}

/**
 * A mark for every day on which something changed, and the years.
 * @param {number[]} days @param {number} from @param {number} until
 */
function marks(days, from, until) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("aria-hidden", "true");
  /** @param {number} day */
  const at = (day) => `${((100 * (day - from)) / (until - from)).toFixed(2)}%`;
  for (const day of days) {
    const tick = document.createElementNS(SVG, "line");
    tick.setAttribute("class", "tick");
    tick.setAttribute("x1", at(day));
    tick.setAttribute("x2", at(day));
    tick.setAttribute("y1", "0");
    tick.setAttribute("y2", "6");
    svg.append(tick);
  }
  const first = Number(dayText(from).slice(0, 4));
  const last = Number(dayText(until).slice(0, 4));
  for (let year = Math.ceil(first / 5) * 5; year <= last; year += 5) {
    const text = document.createElementNS(SVG, "text");
    text.setAttribute("class", "year");
    text.setAttribute("x", at(dayNumber(`${year}-01-01`)));
    text.setAttribute("y", "19");
    text.textContent = String(year);
    svg.append(text);
  }
  return svg;
}

const form = document.getElementById("moment");
const room = document.querySelector("#moment .slider");
const field = document.getElementById("on");
if (form instanceof HTMLFormElement && room instanceof HTMLElement && field instanceof HTMLInputElement) {
  followAtTheDay(field);
  slider(form, room, field);
}
