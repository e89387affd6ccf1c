/**
 * Screen 7: what is being done to the picture, in words that change. The result comes by itself, here or later.
 */
import { get } from "../../shared/api.js";
import { fill, h } from "../../shared/dom.js";
import { actions, alternative, checkList, main, topLine } from "../layout.js";
import { inSentence, kindName, stepName, w } from "../words.js";

const LONG_S = 10; // after this the page says what else a person may do
const ASK_MS = 700; // progress has no event of its own
const USUAL_S = 2; // how long a picture takes on an idle machine

/** @type {Record<string, number>} How many of the four checks are done at the start of a stage. */
const DONE = { waiting: 1, decoding: 1, measuring: 2, judging: 3 };

/**
 * @param {import("../app.js").App} app
 * @param {string} stepOf
 * @param {string} slotName
 * @returns {import("../types.js").Screen}
 */
export function readingScreen(app, stepOf, slotName) {
  const step = app.step(stepOf);
  const slot = step?.slots.find((each) => each.name === slotName);
  const upload = slot?.upload;
  if (!step || !slot || !upload) throw new Error("nothing is being read");
  const begun = performance.now();
  const isForm = stepOf === "forms";
  const pages = Math.max(1, upload.pages.length);
  let progress = upload.progress;
  const title = h("h1", { tabindex: -1 });
  const lead = h("p");
  const fillBar = h("i");
  const bar = h("div", { class: "bar-t", role: "progressbar", "aria-label": w("reading.progress"), "aria-valuemin": 0, "aria-valuemax": 100 }, fillBar);
  const checks = h("div");
  const bottom = actions([]);
  const words = [
    w("reading.check_upload"),
    w("reading.check_look", { kind: inSentence(kindName(slot.kind)) }),
    w(isForm ? "reading.check_text" : "reading.check_number"),
    ...(isForm ? [] : [w("reading.check_compare")]),
  ];

  function draw() {
    const stage = progress?.stage ?? "waiting";
    const done = DONE[stage] ?? 0;
    const now = w(isForm && stage === "measuring" ? "reading.measuring_page" : `reading.${isForm && stage === "judging" ? "measuring_page" : stage}`);
    if (title.textContent !== now) {
      title.textContent = now;
      app.say(now);
    }
    const passed = (performance.now() - begun) / 1000;
    lead.textContent = passed > LONG_S ? w("reading.long") : w("reading.soon", { seconds: USUAL_S * pages });
    const percent = Math.round(100 * Math.max(progress?.fraction ?? 0, 0.04));
    fillBar.style.setProperty("width", `${percent}%`);
    bar.setAttribute("aria-valuenow", String(percent));
    fill(checks, checkList(words.map((word, place) => ({ word, mark: place < done ? "passed" : place === done && stage !== "waiting" ? "working" : "open" }))));
    if (passed > LONG_S && !bottom.childElementCount) fill(bottom, alternative(w("reading.leave"), () => app.back(), "leave"));
  }
  const timer = setInterval(async () => {
    try {
      const fresh = /** @type {import("../types.js").Upload} */ (await get(`/m/api/uploads/${upload.id}`, { tries: 1 }));
      if (fresh.state === "processing") progress = fresh.progress;
      else await app.refresh();
    } catch {
      // The line may be back at the next turn; the app says so when it stays away.
    }
    draw();
  }, ASK_MS);
  draw();
  return {
    name: "reading",
    title: w("reading.waiting"),
    step: stepOf,
    parts: [
      main(
        "",
        topLine({ back: () => app.back(), where: isForm ? w("forms.where") : stepName(step, app.state) }),
        h("div", { class: "card reading" }, h("img", { src: `/m/api/uploads/${upload.id}/picture`, alt: "" }), h("i", { class: "scan", "aria-hidden": "true" })),
        h("div", { class: "head" }, title, lead),
        bar,
        checks,
      ),
      bottom,
    ],
    update: (state) => {
      const now = state.steps.find((each) => each.name === stepOf)?.slots.find((each) => each.name === slotName);
      progress = now?.upload?.progress ?? progress;
      return now?.state === "processing";
    },
    leave: () => clearInterval(timer),
  };
}
