/**
 * A picture large, over the page: the next one by arrow or number, its own size by a click.
 */
import { fill, h } from "../shared/dom.js";
import { calledAt, pictures } from "./model.js";
import { evidence } from "./service.js";
import { t } from "./words.js";

/**
 * One picture by itself.
 * @param {string} name
 * @param {string} address
 */
export function openPicture(name, address) {
  const image = h("img", { src: address, alt: name, onclick: () => image.classList.toggle("own-size") });
  show(
    h(
      "dialog",
      { class: "viewer", "aria-label": t("viewer.title") },
      h("div", { class: "row between" }, h("h2", {}, name), closer()),
      h("div", { class: "stage" }, image),
    ),
  );
}

function closer() {
  return h("form", { method: "dialog" }, h("button", { class: "btn second" }, t("close"), h("kbd", { class: "kbd" }, "Esc")));
}

/** @param {HTMLDialogElement} dialog */
function show(dialog) {
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/**
 * @param {import("./model.js").Case} shown
 * @param {string} uploadId
 * @param {number} [called] the page of a form at which to begin
 */
export function openViewer(shown, uploadId, called) {
  const uploads = pictures(shown);
  const all = uploads.flatMap((upload) => upload.pages.map((page, place) => ({ upload, page, called: calledAt(upload, place) })));
  const own = all.findIndex(({ upload }) => upload.id === uploadId);
  let at = Math.max(own, all.findIndex((each) => each.upload.id === uploadId && each.called === called));
  if (own < 0) return;
  let original = false;
  const stage = h("div", { class: "stage" });
  const title = h("h2");
  const kinds = h("button", { type: "button", class: "btn second", onclick: () => { original = !original; draw(); } });
  const dialog = h(
    "dialog",
    { class: "viewer", "aria-label": t("viewer.title") },
    h("div", { class: "row between" }, title, h("div", { class: "row" }, kinds, closer())),
    stage,
  );

  function draw() {
    const now = all[at];
    if (!now) return;
    const { upload, page } = now;
    const name = t(`slot.${upload.step}.${upload.slot}`);
    title.textContent = upload.pages.length > 1 ? t("viewer.page_of", { name, page: now.called }) : name;
    kinds.textContent = t(original ? "viewer.page" : "viewer.original");
    const image = h("img", { src: evidence(shown.session.id, upload.id, `${original ? "original" : "picture"}/${page.file}`), alt: title.textContent, onclick: () => image.classList.toggle("own-size") });
    fill(stage, image);
  }

  dialog.addEventListener("keydown", (event) => {
    const number = Number(event.key);
    if (event.key === "ArrowRight") at = (at + 1) % all.length;
    else if (event.key === "ArrowLeft") at = (at + all.length - 1) % all.length;
    else if (number >= 1 && number <= uploads.length) at = all.findIndex(({ upload }) => upload === uploads[number - 1]);
    else return;
    event.preventDefault();
    draw();
  });
  draw();
  show(dialog);
}
