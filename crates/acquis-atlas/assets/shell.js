// @ts-check
/**
 * What every page has: the colours are chosen without a new page, the search is reached with
 * a key, and a date that was typed shows at once. Everything works without this, by the forms
 * that it listens to.
 * @module
 */

/** Chooses the colours here and now; the server learns of it by the cookie. */
function chooseColours() {
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form.theme"));
  form?.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!(button instanceof HTMLButtonElement)) return;
    event.preventDefault();
    const theme = button.value;
    document.cookie = `acquis-theme=${theme}; Path=/; Max-Age=31536000; SameSite=Strict`;
    if (theme === "system") document.documentElement.removeAttribute("data-theme");
    else document.documentElement.dataset.theme = theme;
    for (const other of form.querySelectorAll("button")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
  });
}

/** The key "/" leads to the search, unless one is typing. */
function reachSearch() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = event.target;
    if (at instanceof HTMLElement && at.closest("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    document.getElementById("search")?.focus();
  });
}

/** A link into a drawer opens it. */
function openTarget() {
  const id = decodeURIComponent(location.hash.slice(1));
  const target = id ? document.getElementById(id) : null;
  for (let node = target; node; node = node.parentElement) {
    if (node instanceof HTMLDetailsElement) node.open = true;
  }
  if (target instanceof HTMLElement) target.scrollIntoView();
}

chooseColours();
reachSearch();
openTarget();
addEventListener("hashchange", openTarget);
