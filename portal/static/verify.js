// @ts-check
// Listens to the hand-off frame: gives it the height it asks for and follows the status.

const page = /** @type {HTMLElement} */ (document.querySelector("main"));
const frame = /** @type {HTMLIFrameElement} */ (document.querySelector("#handoff"));
const CHECK_EVERY_MS = 15_000;

async function check() {
  const answer = await fetch(page.dataset.statusUrl ?? "").catch(() => null);
  if (!answer?.ok) return;
  const { status, words } = await answer.json();
  page.dataset.status = status;
  const place = document.querySelector("[data-words]");
  if (place) place.textContent = words;
  const correct = /** @type {HTMLElement | null} */ (document.querySelector("[data-action=correct]"));
  if (correct) correct.hidden = status !== "requires_input";
}

window.addEventListener("message", (event) => {
  if (event.origin !== page.dataset.origin || event.source !== frame.contentWindow) return;
  const message = event.data;
  if (message?.source !== "verify-svc") return;
  if (message.type === "height" && Number.isFinite(message.height_px)) {
    frame.style.height = `${Math.min(Math.max(message.height_px, 300), 3000)}px`;
  } else if (message.type === "status") {
    void check();
  }
});
// The frame may be blocked or asleep; webhooks reach our server either way.
setInterval(check, CHECK_EVERY_MS);
