// @ts-check
// Saves the draft while the applicant types and says what is wrong with a field once it has been left.

const DRAFT_MS = 5000;
const form = /** @type {HTMLFormElement} */ (document.querySelector("#entry"));
const correcting = form.querySelector("input[type=hidden][name=kind]") !== null;
/** Fields that were left at least once: nobody is told off for what they have not reached yet. @type {Set<string>} */
const left = new Set([...form.querySelectorAll("[aria-invalid]")].map((field) => field.id));
/** @type {number | undefined} */
let timer;
/** Drafts on their way: one that came in after the form would be written over it. @type {Promise<void> | null} */
let underWay = null;

/** @param {Record<string, string>} faults */
function show(faults) {
  for (const block of form.querySelectorAll("[data-field]")) {
    const name = /** @type {HTMLElement} */ (block).dataset.field ?? "";
    const field = /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
    const box = block.querySelector(".inp");
    const error = /** @type {HTMLElement} */ (block.querySelector(".er"));
    const words = faults[name];
    const wrong = words !== undefined && left.has(name);
    error.hidden = !wrong;
    box?.classList.toggle("err", wrong);
    box?.classList.toggle("good", words === undefined && field.value !== "");
    if (wrong) {
      /** @type {HTMLElement} */ (error.querySelector("[data-error]")).textContent = words;
      field.setAttribute("aria-invalid", "true");
    } else {
      field.removeAttribute("aria-invalid");
    }
  }
}

async function save() {
  const sent = { method: "POST", body: new FormData(form), signal: AbortSignal.timeout(DRAFT_MS) };
  const answer = await fetch(form.dataset.draft ?? "", sent).catch(() => null);
  if (!answer?.ok) return; // The next change tries again; going on saves everything anyway.
  const { faults, saved } = await answer.json();
  show(faults);
  const place = document.querySelector("[data-saved-words]");
  if (place) place.textContent = saved;
}

function saveInTurn() {
  const turn = (underWay ?? Promise.resolve()).then(save).finally(() => {
    if (underWay === turn) underWay = null;
  });
  underWay = turn;
}

function soon(delay_ms = 600) {
  clearTimeout(timer);
  timer = setTimeout(saveInTurn, delay_ms);
}

form.addEventListener("input", () => soon());
form.addEventListener("focusout", (event) => {
  const field = /** @type {HTMLInputElement} */ (event.target);
  if (!field.name || field.type === "radio" || (field.value === "" && !left.has(field.name))) return;
  left.add(field.name);
  soon(0);
});
form.addEventListener("change", (event) => {
  const field = /** @type {HTMLInputElement} */ (event.target);
  if (field.name !== "kind" || correcting) return;
  clearTimeout(timer);
  const action = document.createElement("input");
  action.type = "hidden";
  action.name = "action";
  action.value = "switch";
  form.prepend(action);
  void Promise.resolve(underWay).then(() => form.submit());
});
form.addEventListener("submit", (event) => {
  clearTimeout(timer);
  if (underWay === null) return;
  event.preventDefault();
  void underWay.then(() => form.requestSubmit(event.submitter));
});
const summary = /** @type {HTMLElement | null} */ (form.querySelector(".summary"));
summary?.focus();
