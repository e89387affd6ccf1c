/**
 * Screen 14: the still as it will be filed, two alternatives, 确认使用.
 */
import { post } from "../../shared/api.js";
import { h } from "../../shared/dom.js";
import { stateMark } from "../../shared/icons.js";
import { actions, button, head, main, topLine } from "../layout.js";
import { w } from "../words.js";

/**
 * @param {import("../app.js").App} app
 * @returns {import("../types.js").Screen}
 */
export function stillScreen(app) {
  const step = app.step("face");
  const upload = step?.slots[0]?.upload;
  const count = Math.max(1, Math.min(3, upload?.result?.stills ?? 1));
  const mark = upload?.id ?? "";
  const source = (/** @type {number} */ place) => `/m/api/face/stills/${place}?of=${mark}`;
  let chosen = 0;
  const large = h("img", { src: source(0), alt: w("still.large") });
  const thumbs = Array.from({ length: count }, (_, place) =>
    h(
      "button",
      { type: "button", class: "thumb", role: "radio", "aria-label": w("still.photo", { place: place + 1 }), "data-still": place, onclick: () => choose(place) },
      h("img", { src: source(place), alt: "" }),
      h("span", { class: "chosen" }, stateMark("passed", 20)),
    ),
  );

  /** @param {number} place */
  function choose(place) {
    chosen = place;
    large.src = source(place);
    for (const [at, thumb] of thumbs.entries()) {
      thumb.setAttribute("aria-checked", String(at === place));
      thumb.tabIndex = at === place ? 0 : -1;
      thumb.classList.toggle("on", at === place);
    }
  }
  const group = h("div", { class: "row thumbs", role: "radiogroup", "aria-label": w("still.choose") }, thumbs);
  group.addEventListener("keydown", (event) => {
    const move = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!move) return;
    event.preventDefault();
    choose((chosen + move + count) % count);
    thumbs[chosen]?.focus();
  });
  choose(0);

  async function use() {
    await app.attempt(async () => {
      const state = await post("/m/api/face/confirm", { still: chosen });
      await app.take(state);
      app.go("home", { replace: true });
    });
  }
  const title = w(step?.reasons.some((reason) => reason.effect === "review") ? "still.review_title" : "still.title");
  return {
    name: "still",
    title,
    step: "face",
    parts: [
      main(
        "tight",
        topLine({ back: () => app.back(), where: w("face.where") }),
        head(title, w("still.lead")),
        h("div", { class: "col middle stills" }, h("div", { class: "still" }, large), count > 1 ? group : null),
      ),
      actions([h("div", { class: "pair" }, button(w("still.again"), () => app.go("face/before"), { second: true, action: "record-again" }), button(w("still.use"), use, { action: "confirm-still" }))], "line"),
    ],
    update: (state) => {
      const now = state.steps.find((each) => each.name === "face");
      return now?.needs === "confirm_still" && now.slots[0]?.upload?.id === mark;
    },
  };
}
