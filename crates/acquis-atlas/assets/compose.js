// @ts-check
/**
 * The rule in rows: rows come and go without a new page, and how the rule reads is told while
 * it is typed. The buttons of the form do the same without this, each with a new page.
 * @module
 */

/** How long nothing was typed until the rule is read. */
const PAUSE_MS = 300;

/** The page that the form gets for what stands in it.
 * @param {HTMLFormElement} form @param {string} button */
async function ask(form, button) {
  const asked = new FormData(form);
  asked.set("do", button);
  const query = new URLSearchParams();
  for (const [name, value] of asked) query.append(name, String(value));
  const answer = await fetch(`${form.action}?${query}`, { headers: { accept: "text/html" } });
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const button = event.submitter instanceof HTMLButtonElement ? event.submitter.value : "count";
  if (!(form instanceof HTMLFormElement) || form.id !== "compose" || button === "count") return;
  event.preventDefault();
  const page = await ask(form, button).catch(() => null);
  const other = page?.getElementById("compose");
  if (!page || !other) {
    form.requestSubmit();
    return;
  }
  form.replaceWith(other);
  tell(page);
  const next = other.querySelector("[autofocus]");
  if (next instanceof HTMLElement) next.focus();
});

/** Shows how the rule reads, where the page has a place for it. @param {Document} page */
function tell(page) {
  const read = page.getElementById("reads");
  if (read) document.getElementById("reads")?.replaceWith(read);
}

let pause = 0;
document.addEventListener("input", (event) => {
  const field = event.target;
  const form = field instanceof Element ? field.closest("form") : null;
  if (form?.id !== "compose" || !document.getElementById("reads")) return;
  clearTimeout(pause);
  pause = setTimeout(async () => {
    const page = await ask(form, "look").catch(() => null);
    if (page) tell(page);
  }, PAUSE_MS);
});
