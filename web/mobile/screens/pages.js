/**
 * A form of several pages before it is sent: each is looked at, framed, taken again or put away; another can come.
 */
import { post } from "../../shared/api.js";
import { h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { MOST_PAGES, pagePicture } from "../formpages.js";
import { actions, alternative, button, head, main, topLine } from "../layout.js";
import { kindName, w } from "../words.js";

/** @typedef {import("../types.js").UploadPage} UploadPage */

/**
 * @param {import("../app.js").App} app
 * @param {string} stepOf
 * @param {string} slotName
 * @returns {import("../types.js").Screen}
 */
export function pagesScreen(app, stepOf, slotName) {
  const slot = app.step(stepOf)?.slots.find((each) => each.name === slotName);
  const upload = slot?.upload;
  if (!slot || !upload) throw new Error("no draft with pages");
  const route = `${stepOf}/${slotName}`;
  const count = upload.pages.length;
  const left = Math.max(0, (slot.pages ?? 1) - count);
  const title = left ? w("pages.title_left", { kind: kindName(slot.kind), count: left }) : w("pages.title", { kind: kindName(slot.kind), count });
  let busy = false;

  /** @param {() => Promise<void>} work */
  async function once(work) {
    if (busy) return;
    busy = true;
    await app.attempt(work);
    busy = false;
  }

  const submit = () =>
    once(async () => {
      const { corners = null, rotate_deg = 0 } = upload.page ?? {};
      await post(`/m/api/uploads/${upload.id}/submit`, { corners, rotate_deg });
      await app.refresh();
    });

  /** @param {UploadPage} page @param {number} place */
  const remove = (page, place) =>
    once(async () => {
      await post(`/m/api/uploads/${upload.id}/pages/${page.file}/remove`);
      await app.refresh();
      app.say(w("pages.removed", { page: place + 1 }));
    });

  /** @param {UploadPage} page @param {number} place */
  const cell = (page, place) => {
    const name = w("pages.photo", { page: place + 1 });
    return h(
      "li",
      { "data-page": place + 1 },
      h("button", { type: "button", class: "page-picture", "aria-label": w("pages.frame", { page: place + 1 }), "data-action": `frame-${place + 1}`, onclick: () => app.go(`${route}/page-${page.file}`, { replace: true }) }, h("img", { src: pagePicture(upload, page.file), alt: "" })),
      h("span", { class: "page-name" }, name),
      h(
        "div",
        { class: "page-acts" },
        h("button", { type: "button", "aria-label": w("pages.again_photo", { page: place + 1 }), "data-action": `again-${place + 1}`, onclick: () => app.go(`${route}/again-${page.file}`, { replace: true }) }, w("pages.again")),
        count > 1 ? h("button", { type: "button", "aria-label": w("pages.remove_of", { page: place + 1 }), "data-action": `remove-${place + 1}`, onclick: () => void remove(page, place) }, w("pages.remove")) : null,
      ),
    );
  };

  const add = () => app.go(`${route}/add`, { replace: true });
  return {
    name: "pages",
    title,
    step: stepOf,
    parts: [
      main(
        "tight",
        topLine({ back: () => app.back(), where: w("forms.where") }),
        head(title, w("pages.lead")),
        h(
          "ul",
          { class: "pages large" },
          upload.pages.map(cell),
          count < MOST_PAGES
            ? h("li", {}, h("button", { type: "button", class: "page-gap", "data-action": "add-tile", onclick: add }, icon("plus", { size: 28 }), h("span", { class: "small" }, w("pages.add"))))
            : null,
        ),
      ),
      actions(
        left
          ? [button(w("pages.next"), add, { action: "add-page", icon: "camera" }), alternative(w("pages.submit_few", { count }), submit, "submit")]
          : [button(w("pages.submit", { count }), submit, { action: "submit" })],
        "line",
      ),
    ],
    update: (state) => {
      const now = state.steps.find((each) => each.name === stepOf)?.slots.find((each) => each.name === slotName);
      return now?.state === "draft" && JSON.stringify(now.upload) === JSON.stringify(upload);
    },
  };
}
