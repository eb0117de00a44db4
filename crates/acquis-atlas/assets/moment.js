// @ts-check
/**
 * The slider of the moment: a track with a mark for every day on which something changed, the
 * keys, and a button that plays the years. It drives the field of the form beside it, so that
 * whatever listens to the field needs to know nothing of the slider.
 *
 * While the slider moves the document is told by `acquis:moment`, so that a page can draw
 * itself. Once it rests the page of that day is asked for and takes the place of this one,
 * without the reader losing their place; then the document is told by `acquis:turned`, and by
 * `acquis:known` if what counts as known is another by then.
 *
 * Each rest is one entry of the browser's history: what was passed on the way is none, so that
 * Back leads to the day before. Back and Forward turn the page as the slider does.
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
 * A day that was typed as a whole: on the way to 2004 a field holds the years 2, 20 and 200.
 * @param {HTMLInputElement} field
 */
const isTyped = (field) => field.validity.valid && !field.value.startsWith("0");

/**
 * The days on which something changed, as known by the day that the address names.
 * @param {HTMLElement} room of the slider, which knows whom to ask
 */
async function daysKnown(room) {
  const knownBy = new URLSearchParams(location.search).get("known_by");
  const address = new URL(String(room.dataset.days), location.href);
  if (knownBy) address.searchParams.set("known_by", knownBy);
  const answer = await fetch(address);
  if (!answer.ok) return [];
  return /** @type {string[]} */ ((await answer.json()).days).map(dayNumber);
}

/** The control of the moment, and what is shown. */
class Control {
  /** When the page is turned after a rest. */
  waiting = 0;
  /** Which page was asked for last: an older one that comes later is not shown. */
  asked = 0;
  /** The address of the page that is shown. */
  shown = location.pathname + location.search;
  /** Whether the reader is still at the field that the last entry of the history came from. */
  goesOn = false;

  /**
   * @param {HTMLFormElement} form
   * @param {HTMLInputElement} field with the day
   * @param {HTMLInputElement} known with the day by which something had to be published
   */
  constructor(form, field, known) {
    this.form = form;
    this.field = field;
    this.known = known;
  }

  /** Shows a day, and turns the page once it rests. @param {number} day @param {boolean} rests */
  show(day, rests) {
    const text = dayText(day);
    this.field.value = text;
    document.dispatchEvent(new CustomEvent("acquis:moment", { detail: { day, text, rests } }));
    if (rests) this.rest();
    else clearTimeout(this.waiting);
  }

  /** The page of the moment in the fields is turned to soon. */
  rest() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.turn(this.address(), true), 120);
  }

  /** The address that the form asks for. */
  address() {
    const address = new URL(this.form.action, location.href);
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value === "string" && value) address.searchParams.append(name, value);
    }
    return address;
  }

  /**
   * Puts the page at an address in the place of this one.
   * @param {URL} address
   * @param {boolean} isNew whether the history doesn't have it yet
   */
  async turn(address, isNew) {
    this.asked += 1;
    const mine = this.asked;
    try {
      const answer = await fetch(address, { headers: { accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (mine !== this.asked) return;
      const before = new URL(this.shown, location.href).searchParams.get("known_by");
      putInPlace(page);
      this.shown = address.pathname + address.search;
      if (isNew) this.keep(address);
      else this.takeOver(page);
      document.dispatchEvent(new CustomEvent("acquis:turned"));
      if (address.searchParams.get("known_by") !== before) {
        document.dispatchEvent(new CustomEvent("acquis:known"));
      }
    } catch {
      if (isNew) location.assign(address);
      else location.reload();
    }
  }

  /**
   * One entry of the history for each rest, and for all that is typed at one go.
   * @param {URL} address
   */
  keep(address) {
    const isThere = address.href === location.href.split("#")[0];
    if (isThere || this.goesOn) history.replaceState(null, "", address);
    else history.pushState(null, "", address);
    this.goesOn = document.activeElement === this.field || document.activeElement === this.known;
  }

  /** The fields say what a page says that came by Back or Forward. @param {Document} page */
  takeOver(page) {
    for (const field of [this.field, this.known]) {
      const there = page.getElementById(field.id);
      if (there instanceof HTMLInputElement) field.value = field.defaultValue = there.value;
    }
  }

  /** Back and Forward: the day is drawn at once, and its page takes the place of this one. */
  goBack() {
    if (location.pathname + location.search === this.shown) return;
    clearTimeout(this.waiting);
    this.goesOn = false;
    const day = new URLSearchParams(location.search).get("on");
    if (day) this.show(dayNumber(day), false);
    this.turn(new URL(location.href), false);
  }

  /** Follows what is typed, the links to the days of change, and the history. */
  listen() {
    this.field.addEventListener("change", () => {
      if (this.field.value && isTyped(this.field)) this.show(dayNumber(this.field.value), true);
    });
    this.known.addEventListener("change", () => { if (isTyped(this.known)) this.rest(); });
    for (const field of [this.field, this.known]) {
      field.addEventListener("blur", () => { this.goesOn = false; });
    }
    this.form.addEventListener("click", (event) => {
      const link = event.target instanceof Element ? event.target.closest("a.step") : null;
      const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
      const day = link && new URL(String(link.getAttribute("href")), location.href).searchParams.get("on");
      if (!day || !isPlain) return;
      event.preventDefault();
      this.show(dayNumber(day), true);
    });
    addEventListener("popstate", () => this.goBack());
    // What is chosen acts by itself; without this script the button is needed.
    const button = this.form.querySelector(":scope > button");
    if (button instanceof HTMLButtonElement) button.hidden = true;
  }
}

/** What of a page is about the day. */
const PARTS = ["#content", ".masthead nav", "#moment .steps", ".page-foot", "#meanings"];

/**
 * What of a page is about the day takes the place of what is here. What was open stays open, and
 * the way to the next change keeps the focus.
 * @param {Document} page
 */
function putInPlace(page) {
  const open = [...document.querySelectorAll("#content details[id][open]")].map((node) => node.id);
  const steps = () => [...document.querySelectorAll("#moment .steps > *")];
  const focused = steps().findIndex((step) => step === document.activeElement);
  for (const part of PARTS) {
    const [here, there] = [document.querySelector(part), page.querySelector(part)];
    if (here && there) here.replaceWith(document.adoptNode(there));
  }
  const step = steps()[focused];
  if (step instanceof HTMLElement) step.focus();
  for (const id of open) {
    const drawer = document.getElementById(id);
    if (drawer instanceof HTMLDetailsElement) drawer.open = true;
  }
  keepInSearch(page);
  document.title = page.title;
}

/**
 * Puts the slider into its room.
 * @param {Control} control
 * @param {HTMLElement} room where the slider goes
 */
async function slider(control, room) {
  const { field } = control;
  const from = dayNumber(String(room.dataset.from));
  /** @type {number[]} */
  let shown = [];
  let until = 0;
  const range = document.createElement("input");
  range.type = "range";
  range.step = "1";
  range.id = "slider";
  range.setAttribute("aria-label", "Day");
  const play = document.createElement("button");
  play.type = "button";
  play.id = "play";
  const track = document.createElement("div");
  track.className = "track";

  const follow = () => {
    range.value = String(dayNumber(field.value));
    range.setAttribute("aria-valuetext", field.value);
  };
  const measure = async () => {
    const days = await daysKnown(room);
    if (!days.length) return;
    // Long before the first act of most there is little to see.
    shown = days.filter((day) => day >= from);
    until = Math.max(days[days.length - 1] + 200, dayNumber(field.value));
    range.min = String(from);
    range.max = String(until);
    follow();
    track.replaceChildren(range, marks(shown, from, until));
  };
  await measure();
  if (!until) return;
  room.replaceChildren(play, track);
  room.hidden = false;

  document.addEventListener("acquis:moment", follow);
  document.addEventListener("acquis:turned", follow);
  document.addEventListener("acquis:known", measure);
  range.addEventListener("input", () => control.show(Number(range.value), false));
  range.addEventListener("change", () => control.show(Number(range.value), true));
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
    control.show(next, true);
  });
  playing(play, () => Number(range.value), () => [from, until], (day, rests) => control.show(day, rests));
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
 * @param {() => [number, number]} ends the first day and the last
 * @param {(day: number, rests: boolean) => void} show
 */
function playing(button, now, ends, show) {
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
    const [, until] = ends();
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
      const [from, until] = ends();
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
const [field, known] = ["on", "known_by"].map((id) => document.getElementById(id));
if (form instanceof HTMLFormElement && field instanceof HTMLInputElement && known instanceof HTMLInputElement) {
  const control = new Control(form, field, known);
  control.listen();
  followAtTheDay(field);
  if (room instanceof HTMLElement) slider(control, room);
}
