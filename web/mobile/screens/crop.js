/**
 * Screen 6: the whole picture with four corners preset to the page that was found; a loupe away from the finger.
 */
import { post } from "../../shared/api.js";
import { h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { cornerFrame } from "../corners.js";
import { actions, button, main, topLine } from "../layout.js";
import { stepName, w } from "../words.js";

/**
 * @param {import("../app.js").App} app
 * @param {string} stepOf
 * @param {string} slotName
 * @returns {import("../types.js").Screen}
 */
export function cropScreen(app, stepOf, slotName) {
  const step = app.step(stepOf);
  const slot = step?.slots.find((each) => each.name === slotName);
  const upload = slot?.upload;
  if (!step || !slot || !upload) throw new Error("no draft to crop");
  const where = stepOf !== "forms" && step.slots.length > 1
    ? w("capture.of", { place: step.slots.indexOf(slot) + 1, total: step.slots.length })
    : stepOf === "forms" ? w("forms.where") : stepName(step, app.state);
  const frame = cornerFrame({
    source: `/m/api/uploads/${upload.id}/picture`,
    width: upload.width,
    height: upload.height,
    corners: upload.page?.corners ?? null,
    rotateDeg: upload.page?.rotate_deg ?? 0,
    label: w("crop.picture"),
    cornerLabels: [0, 1, 2, 3].map((place) => w(`crop.corner_${place}`)),
  });
  let busy = false;
  async function use() {
    if (busy) return;
    busy = true;
    await app.attempt(async () => {
      await post(`/m/api/uploads/${upload?.id}/submit`, frame.value());
      await app.refresh();
    });
    busy = false;
  }
  return {
    name: "crop",
    title: w("crop.title"),
    look: "cam",
    step: stepOf,
    parts: [
      main("crop", topLine({ back: () => app.back(), where }), h("h1", { tabindex: -1, class: "centre" }, w("crop.title")), frame.element,
        h(
          "div",
          { class: "row between crop-tools" },
          h("span", { class: "small" }, w("crop.drag")),
          h("button", { type: "button", class: "row", "data-action": "rotate", onclick: () => frame.rotate() }, icon("rotate"), w("crop.rotate")),
        ),
      ),
      actions([
        h(
          "div",
          { class: "pair" },
          button(w("crop.retake"), () => app.go(`${stepOf}/${slotName}/take`, { replace: true }), { second: true, action: "retake" }),
          button(w("crop.use"), use, { action: "use" }),
        ),
      ]),
    ],
    update: (state) => {
      const now = state.steps.find((each) => each.name === stepOf)?.slots.find((each) => each.name === slotName);
      return now?.upload?.id === upload.id && now.state === "draft";
    },
    leave: () => frame.leave(),
  };
}
