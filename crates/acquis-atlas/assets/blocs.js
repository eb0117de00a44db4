// @ts-check
/**
 * The question on blocs: what a slider stands at is told while it moves, and the answer comes
 * when it is let go, or when another candidate is ticked. Without this the form's button asks.
 * @module
 */

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("question"));

/** Shows a slider's value beside its label.
 * @param {HTMLInputElement} slider */
function tell(slider) {
  const told = document.querySelector(`output[for="${slider.id}"]`);
  if (told) told.textContent = String(Number(Number(slider.value).toFixed(2)));
}

for (const slider of form?.querySelectorAll("input[type=range]") ?? []) {
  if (!(slider instanceof HTMLInputElement)) continue;
  slider.step = "0.01";
  slider.addEventListener("input", () => tell(slider));
  slider.addEventListener("change", () => form?.requestSubmit());
}
for (const choice of form?.querySelectorAll("select, input[type=checkbox]") ?? []) {
  choice.addEventListener("change", () => form?.requestSubmit());
}

// A browser that goes back shows the page as it was left, with what was ticked on the way out:
// the form has to say what the answer beside it is about.
addEventListener("pageshow", () => {
  form?.reset();
  for (const slider of form?.querySelectorAll("input[type=range]") ?? []) {
    if (slider instanceof HTMLInputElement) tell(slider);
  }
});
