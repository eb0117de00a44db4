// @ts-check
/**
 * The scenario lab without waiting for whole pages: forms of the desk are posted and what
 * comes back takes the desk's place; a run that is carried out is followed; arrow keys move
 * in the matrix; the menu of a long page shows which part is read. Without this script every
 * form and every page works all the same.
 */

const POLL_MS = 300;

/** @param {ParentNode} root */
const desk = (root) => root.querySelector("#desk");

/** What a page has of a desk outside of it: the title with its facts, and what words mean. */
const AROUND = ["main > header.title", "#meanings"];

/**
 * The button of the matrix for the same state and institution as an old cell, or where that
 * cell was if they are no longer shown. What a button posts does not tell: it posts the
 * opposite once it was pressed.
 * @param {HTMLTableCellElement} old
 */
function sameCell(old) {
  const body = document.querySelector("#matrix tbody");
  const line = old.parentElement;
  if (!(body instanceof HTMLTableSectionElement) || !(line instanceof HTMLTableRowElement)) return null;
  const rows = [...body.rows];
  const ofState = (/** @type {HTMLTableRowElement} */ it) => it.cells[1]?.dataset.row === old.dataset.row;
  const row = rows.find(ofState) ?? rows[line.sectionRowIndex] ?? rows.at(-1);
  const cells = [...(row?.cells ?? [])];
  const cell = cells.find((it) => it.dataset.column === old.dataset.column)
    ?? cells[old.cellIndex] ?? cells.at(-1);
  return cell?.querySelector("button");
}

/**
 * What in the new desk is the same as what had the focus, or most like it, the best first.
 * @param {Element} old
 * @returns {(Element | null | undefined)[]}
 */
function likely(old) {
  const quoted = (/** @type {string | null} */ text) => `"${CSS.escape(text ?? "")}"`;
  if (old.id) return [document.getElementById(old.id)];
  const cell = old.closest("#matrix td");
  if (cell instanceof HTMLTableCellElement) return [sameCell(cell)];
  const drawer = old.matches("summary") ? old.parentElement?.id : null;
  if (drawer) return [document.querySelector(`#${CSS.escape(drawer)} > summary`)];
  if (!(old instanceof HTMLButtonElement)) return [];
  const form = `form[action=${quoted(old.form?.getAttribute("action") ?? null)}]`;
  if (!old.name) return [document.querySelector(`${form} button:not([name])`)];
  const named = [...document.querySelectorAll(`${form} button[name=${quoted(old.name)}]`)];
  // What was taken back is gone from a list: the next has its number, or the last is nearest.
  return [named.find((it) => it.getAttribute("value") === old.value), named.at(-1)];
}

/**
 * Gives the focus to what is most like that which had it before the desk was replaced, or else
 * to the part of the page that it was in: a reader at the keyboard stays where they were.
 * @param {Element} old
 */
function focusAgain(old) {
  for (const place of likely(old)) {
    if (place instanceof HTMLElement) place.focus({ preventScroll: true });
    // What is disabled does not take it.
    if (place && document.activeElement === place) return;
  }
  const part = old.closest("section[aria-labelledby]")?.getAttribute("aria-labelledby");
  const place = part ? document.getElementById(part) : document.querySelector("#desk .desk-bar");
  if (!(place instanceof HTMLElement)) return;
  place.tabIndex = -1;
  place.focus({ preventScroll: true });
}

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */

/**
 * Whether a field holds what nobody saved: it was changed here, or the server gave back what was
 * typed because it could not take it.
 * @param {Field} field
 */
function isUnsaved(field) {
  if (field.hasAttribute("data-typed")) return true;
  if (field instanceof HTMLSelectElement) {
    const options = [...field.options];
    const stands = Math.max(0, options.findIndex((it) => it.defaultSelected));
    return field.selectedIndex !== stands;
  }
  if (field instanceof HTMLInputElement && field.type === "checkbox") {
    return field.checked !== field.defaultChecked;
  }
  return field.value !== field.defaultValue;
}

/**
 * What was typed into the desk and not saved, by the form that it is in.
 * @param {Element} desk
 * @param {HTMLFormElement | null} saved the form that was saved just now
 * @returns {Field[]}
 */
function unsaved(desk, saved) {
  const fields = /** @type {NodeListOf<Field>} */ (
    desk.querySelectorAll("input[id], textarea[id], select[id]")
  );
  return [...fields].filter((field) => field.form !== saved && isUnsaved(field));
}

/**
 * Carries a field over into the new desk.
 * @param {Field} old
 * @param {boolean} wasRefused whether the server refused what was posted
 */
function carry(old, wasRefused) {
  const field = document.getElementById(old.id);
  if (field instanceof HTMLInputElement && old instanceof HTMLInputElement) {
    field.value = old.value;
    field.checked = old.checked;
  } else if (field instanceof HTMLSelectElement && old instanceof HTMLSelectElement) {
    field.value = old.value;
  } else if (field instanceof HTMLTextAreaElement && old instanceof HTMLTextAreaElement) {
    field.value = old.value;
    // A whole file was written for the revision that it was read from: it must not overwrite
    // what was clicked since without a word.
    const [from, was] = [field.form?.elements.namedItem("from"), old.form?.elements.namedItem("from")];
    if (!wasRefused && from instanceof HTMLInputElement && was instanceof HTMLInputElement) {
      from.value = was.value;
    }
  } else {
    return;
  }
  field.setAttribute("data-typed", "");
}

/**
 * Puts a page's desk in the place of the one that is shown.
 * @param {Response} response
 * @param {HTMLFormElement} form the form that was posted
 */
async function show(response, form) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const [now, next] = [desk(document), desk(page)];
  if (!now || !next) {
    location.assign(response.url);
    return;
  }
  const open = [...now.querySelectorAll("details[id]")].filter((it) => it.hasAttribute("open"));
  const scrolled = [...now.querySelectorAll(".table-scroll")].map((it) => it.scrollLeft);
  const at = document.activeElement;
  const isWithin = now.contains(at);
  const kept = unsaved(now, response.ok ? form : null);
  now.replaceWith(next);
  for (const part of AROUND) {
    const around = page.querySelector(part);
    if (around) document.querySelector(part)?.replaceWith(around);
  }
  for (const field of kept) carry(field, !response.ok);
  document.title = page.title;
  for (const each of open) document.getElementById(each.id)?.setAttribute("open", "");
  next.querySelectorAll(".table-scroll").forEach((it, number) => {
    it.scrollLeft = scrolled[number] ?? 0;
  });
  // What is wrong is shown where it is mended; else the reader stays where they were.
  const wrong = response.ok ? null : next.querySelector("[aria-invalid]");
  if (wrong instanceof HTMLElement) wrong.focus();
  else if (at && isWithin) focusAgain(at);
  // What was refused stands at the address of a form, which can't be opened again.
  if (response.redirected) history.replaceState(null, "", response.url);
  follow();
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.hasAttribute("data-desk")) return;
  event.preventDefault();
  const submitter = event.submitter;
  const posted = new URLSearchParams();
  for (const [name, value] of new FormData(form, submitter)) {
    if (typeof value === "string") posted.append(name, value);
  }
  const action = submitter?.getAttribute("formaction") ?? form.action;
  desk(document)?.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(action, { method: "POST", body: posted });
    if (new URL(response.url).pathname.startsWith("/lab/runs/")) location.assign(response.url);
    else await show(response, form);
  } catch {
    // The server is gone or the line is cut: let the browser say so.
    form.submit();
  }
});

/** Follows the run on the page until it is over, then shows what came out. */
function follow() {
  const run = document.querySelector("[data-follow]");
  if (!(run instanceof HTMLElement)) return;
  const address = run.dataset.follow ?? "";
  const bar = run.querySelector("progress");
  const words = run.querySelector("[data-words]");
  const ask = async () => {
    if (!run.isConnected) return;
    try {
      const response = await fetch(address, { headers: { accept: "application/json" } });
      const { state } = await response.json();
      if (state.is !== "queued" && state.is !== "running") {
        location.reload();
        return;
      }
      const { done, total } = state.progress ?? { done: 0, total: 0 };
      if (bar && total > 0) {
        bar.max = total;
        bar.value = done;
      }
      if (words && total > 0) words.textContent = `${done} of ${total}`;
    } catch {
      if (words) words.textContent = "The server does not answer.";
    }
    setTimeout(ask, POLL_MS);
  };
  setTimeout(ask, POLL_MS);
}

const STEPS = /** @type {Record<string, [number, number]>} */ ({
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
});

document.addEventListener("keydown", (event) => {
  const step = STEPS[event.key];
  const cell = event.target instanceof Element ? event.target.closest("#matrix td") : null;
  const row = cell?.parentElement;
  if (!step || !(cell instanceof HTMLTableCellElement) || !(row instanceof HTMLTableRowElement)) return;
  const rows = row.parentElement?.children ?? [];
  const [down, right] = step;
  const target = rows[[...rows].indexOf(row) + down];
  const next = target instanceof HTMLTableRowElement ? target.cells[cell.cellIndex + right] : null;
  const button = next?.querySelector("button");
  if (button) {
    event.preventDefault();
    button.focus();
  }
});

/** Marks in the menu of a long page which part is read, and closes it once it has led there. */
function readAlong() {
  const links = /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".contents a"));
  if (links.length === 0) return;
  const parts = [...document.querySelectorAll(".parts > section")];
  const mark = () => {
    const third = innerHeight / 3;
    // The last part may be too short to come up that far.
    const isEnd = scrollY > 0 && scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
    const above = parts.filter((part) => isEnd || part.getBoundingClientRect().top < third);
    const id = (above.at(-1) ?? parts[0]).getAttribute("aria-labelledby");
    for (const link of links) {
      if (link.hash === `#${id}`) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  addEventListener("scroll", () => requestAnimationFrame(mark), { passive: true });
  mark();
  for (const link of links) {
    link.addEventListener("click", () => link.closest("details")?.removeAttribute("open"));
  }
}

readAlong();
follow();
