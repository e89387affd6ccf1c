/**
 * Screen 6: the whole picture with four corners preset to the page that was found; a loupe away from the finger.
 */
import { post } from "../../shared/api.js";
import { h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { cornerFrame } from "../corners.js";
import { hasSeveral, pagePicture } from "../formpages.js";
import { actions, alternative, button, main, topLine } from "../layout.js";
import { stepName, w } from "../words.js";

/**
 * @param {import("../app.js").App} app
 * @param {string} stepOf
 * @param {string} slotName
 * @param {number} [file] the page of a form that has several; its first picture without
 * @returns {import("../types.js").Screen}
 */
export function cropScreen(app, stepOf, slotName, file) {
  const step = app.step(stepOf);
  const slot = step?.slots.find((each) => each.name === slotName);
  const upload = slot?.upload;
  const page = upload?.pages.find((each) => each.file === file) ?? upload?.pages[0];
  if (!step || !slot || !upload || !page) throw new Error("no draft to crop");
  const route = `${stepOf}/${slotName}`;
  const isForm = stepOf === "forms";
  const several = isForm && hasSeveral(slot);
  const [place, count, wanted] = [upload.pages.indexOf(page) + 1, upload.pages.length, slot.pages ?? 1];
  const goesOn = several && place === count && count < wanted;
  const where = !isForm && step.slots.length > 1
    ? w("capture.of", { place: step.slots.indexOf(slot) + 1, total: step.slots.length })
    : several
      ? place <= wanted ? w("pages.page_of", { page: place, pages: wanted }) : w("pages.photo", { page: place })
      : isForm ? w("forms.where") : stepName(step, app.state);
  const frame = cornerFrame({
    source: several ? pagePicture(upload, page.file) : `/m/api/uploads/${upload.id}/picture`,
    width: page.width,
    height: page.height,
    corners: page.page.corners,
    rotateDeg: page.page.rotate_deg,
    label: w("crop.picture"),
    cornerLabels: [0, 1, 2, 3].map((corner) => w(`crop.corner_${corner}`)),
  });
  let busy = false;

  /** Keeps the frame, or hands in with it what is one picture alone. @param {string | null} next where to go then */
  async function use(next) {
    if (busy) return;
    busy = true;
    await app.attempt(async () => {
      await post(next === null ? `/m/api/uploads/${upload?.id}/submit` : `/m/api/uploads/${upload?.id}/pages/${page?.file}`, frame.value());
      await app.refresh();
      if (next !== null) app.go(next, { replace: true });
    });
    busy = false;
  }
  const add = `${route}/add`;
  return {
    name: "crop",
    title: w("crop.title"),
    look: "cam",
    step: stepOf,
    parts: [
      main("crop", topLine({ back: () => (several ? app.go(route, { replace: true }) : app.back()), where }), h("h1", { tabindex: -1, class: "centre" }, w("crop.title")), frame.element,
        h(
          "div",
          { class: "row between crop-tools" },
          h("span", { class: "small" }, w(isForm ? "crop.drag_form" : "crop.drag")),
          h("button", { type: "button", class: "row", "data-action": "rotate", onclick: () => frame.rotate() }, icon("rotate"), w("crop.rotate")),
        ),
      ),
      actions([
        h(
          "div",
          { class: "pair" },
          button(w("crop.retake"), () => app.go(several ? `${route}/again-${page.file}` : `${route}/take`, { replace: true }), { second: true, action: "retake" }),
          button(goesOn ? w("crop.use_and_next") : w("crop.use"), () => use(goesOn ? add : several ? route : null), { action: "use" }),
        ),
        goesOn ? alternative(w("crop.see_pages", { count }), () => use(route), "see-pages") : isForm && !several ? alternative(w("crop.more_pages"), () => use(add), "add-page") : null,
      ]),
    ],
    update: (state) => {
      const now = state.steps.find((each) => each.name === stepOf)?.slots.find((each) => each.name === slotName);
      return now?.upload?.id === upload.id && now.state === "draft" && now.upload.pages.some((each) => each.file === page.file);
    },
    leave: () => frame.leave(),
  };
}
