/**
 * The strip of a picture that holds a field, with the doubtful characters boxed; or the whole page where there is none.
 */
import { h, s } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { enlarge } from "./enlarge.js";
import { fieldName, w } from "./words.js";

const ROOM = 0.35; // of the field's height, left on every side of it by the service

/**
 * @param {string} upload
 * @param {import("./types.js").Field | null} field
 * @param {string} kind what paper it is
 */
export function strip(upload, field, kind) {
  const whole = `/m/api/uploads/${upload}/picture`;
  const read = field?.value ?? null;
  const name = field ? fieldName(field.name, kind) : "";
  const image = h("img", { alt: name, src: field && read ? `/m/api/uploads/${upload}/strip/${field.name}` : whole });
  const frame = h("div", { class: "onstrip" }, image);
  const box = h(
    "div",
    { class: read ? "strip" : "strip whole" },
    frame,
    h(
      "div",
      { class: "under" },
      h("span", { class: "small muted grow" }, read ? w("fields.on_picture", { field: name }) : ""),
      h("button", { type: "button", class: "enlarge", "data-action": "enlarge", onclick: () => enlarge(whole) }, icon("enlarge", { size: 18 }), w("fields.enlarge")),
    ),
  );
  image.addEventListener("error", () => {
    if (image.src.endsWith("/picture")) return;
    image.src = whole;
    box.classList.add("whole");
    frame.querySelector("svg")?.remove();
  });
  image.addEventListener("load", () => {
    if (field && read && !box.classList.contains("whole")) frame.append(marks(image.naturalWidth, image.naturalHeight, read, field.doubtful));
  });
  return box;
}

/**
 * The field's box, and a box round each doubtful character: numbers are printed in even steps.
 * @param {number} width of the strip, px
 * @param {number} height
 * @param {string} read
 * @param {number[]} doubtful
 */
function marks(width, height, read, doubtful) {
  const inside = height / (1 + 2 * ROOM);
  const room = inside * ROOM;
  const each = (width - 2 * room) / Math.max(1, Array.from(read).length);
  const thin = height / 36;
  return s(
    "svg",
    { class: "marks", viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" },
    s("rect", { class: "whole-field", x: room * 0.5, y: room * 0.5, width: width - room, height: height - room, rx: thin * 2, "stroke-width": thin }),
    doubtful.map((place) => s("rect", { class: "doubt", x: room + place * each - each * 0.08, y: room * 0.75, width: each * 1.16, height: height - room * 1.5, rx: thin * 2, "stroke-width": thin })),
  );
}
