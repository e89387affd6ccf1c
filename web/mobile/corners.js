/**
 * A picture with a frame of four corners that can be dragged by finger or moved by arrow keys, and turned by quarters.
 * A loupe shows what is under the finger, in the corner of the picture that the finger is not in.
 */
import { h, s } from "../shared/dom.js";

/** @typedef {import("./types.js").Point} Point */

/**
 * @typedef {object} Given
 * @property {string} source
 * @property {number} width of the upright picture, px
 * @property {number} height
 * @property {Point[] | null} corners top left, top right, bottom right, bottom left of the page
 * @property {number} rotateDeg clockwise
 * @property {string} label
 * @property {string[]} cornerLabels
 */

/** Without a page found the frame starts just inside the picture. @type {Point[]} */
const WHOLE = [[0.03, 0.03], [0.97, 0.03], [0.97, 0.97], [0.03, 0.97]];
const KEY_STEP = 0.005; // of the picture's side, an arrow key's move
const LEAST_BEND = 0.001; // of the picture's area, between a corner's two sides
const ZOOM = 2.6;
const LOUPE_PX = 112;

/**
 * Whether the corners go round clockwise and bend outwards: a page's sides don't cross.
 * @param {Point[]} corners
 */
function isPageLike(corners) {
  return corners.every(([x, y], place) => {
    const [before, after] = [corners[(place + 3) % 4], corners[(place + 1) % 4]];
    return !!before && !!after && (x - before[0]) * (after[1] - y) - (y - before[1]) * (after[0] - x) > LEAST_BEND;
  });
}

/** @param {Given} given */
export function cornerFrame(given) {
  let rotate = ((given.rotateDeg % 360) + 360) % 360;
  const preset = given.corners ?? WHOLE;
  /** @type {Point[]} */
  let corners = preset.map(([x, y]) => [x, y]);
  let touched = false;
  const image = h("img", { src: given.source, alt: "", draggable: "false" });
  const shade = s("path", { class: "shade", "fill-rule": "evenodd" });
  const outline = s("polygon", { class: "outline" });
  const plane = s("svg", { class: "plane", "aria-hidden": "true", preserveAspectRatio: "none", viewBox: "0 0 1000 1000" }, shade, outline);
  const handles = given.cornerLabels.map((label, place) =>
    h("button", { type: "button", class: "handle", "aria-label": label, "data-corner": place }, h("i", { "aria-hidden": "true" })),
  );
  const glass = h("img", { src: given.source, alt: "", draggable: "false" });
  const loupe = h("div", { class: "loupe", hidden: true, "aria-hidden": "true" }, glass, s("svg", { viewBox: "0 0 112 112" }, s("path", { d: "M56 44v24M44 56h24" })));
  const box = h("div", { class: "crop-box", role: "group", "aria-label": given.label }, image, plane, handles, loupe);
  const element = h("div", { class: "crop-stage" }, box);

  /** From the picture to the box, which shows it turned. @param {Point} point @returns {Point} */
  function turned([x, y]) {
    if (rotate === 90) return [1 - y, x];
    if (rotate === 180) return [1 - x, 1 - y];
    return rotate === 270 ? [y, 1 - x] : [x, y];
  }

  /** From the box back to the picture. @param {Point} point @returns {Point} */
  function straight([x, y]) {
    if (rotate === 90) return [y, 1 - x];
    if (rotate === 180) return [1 - x, 1 - y];
    return rotate === 270 ? [1 - y, x] : [x, y];
  }

  /** The box takes the picture's proportions, as large as the stage lets it. */
  function fit() {
    const sideways = rotate % 180 !== 0;
    const ratio = sideways ? given.height / given.width : given.width / given.height;
    const style = getComputedStyle(element);
    const room = { width: element.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight), height: element.clientHeight };
    if (room.width <= 0 || room.height <= 0) return;
    const width = Math.min(room.width, room.height * ratio);
    const height = width / ratio;
    box.style.setProperty("width", `${width}px`);
    box.style.setProperty("height", `${height}px`);
    image.style.setProperty("width", `${sideways ? height : width}px`);
    image.style.setProperty("height", `${sideways ? width : height}px`);
    image.style.setProperty("transform", `translate(-50%, -50%) rotate(${rotate}deg)`);
    draw();
  }

  function draw() {
    const shown = corners.map(turned);
    const points = shown.map(([x, y]) => `${x * 1000},${y * 1000}`);
    outline.setAttribute("points", points.join(" "));
    shade.setAttribute("d", `M0 0H1000V1000H0ZM${points.join("L")}Z`);
    for (const [place, handle] of handles.entries()) {
      const [x, y] = /** @type {Point} */ (shown[place]);
      handle.style.setProperty("left", `${x * 100}%`);
      handle.style.setProperty("top", `${y * 100}%`);
    }
  }

  /** @param {number} place @param {Point} inBox */
  function move(place, inBox) {
    touched = true;
    const [x, y] = straight(inBox);
    /** @type {Point} */
    const moved = [Math.min(1, Math.max(0, x)), Math.min(1, Math.max(0, y))];
    const next = corners.map((corner, each) => (each === place ? moved : corner));
    if (isPageLike(corners) && !isPageLike(next)) return;
    corners = next;
    draw();
  }

  /** @param {number} place */
  function look(place) {
    const size = box.getBoundingClientRect();
    const [x, y] = turned(/** @type {Point} */ (corners[place]));
    loupe.hidden = false;
    loupe.classList.toggle("right", x < 0.5 && y < 0.5);
    const sideways = rotate % 180 !== 0;
    glass.style.setProperty("width", `${(sideways ? size.height : size.width) * ZOOM}px`);
    glass.style.setProperty("height", `${(sideways ? size.width : size.height) * ZOOM}px`);
    glass.style.setProperty("left", `${LOUPE_PX / 2 + (0.5 - x) * size.width * ZOOM}px`);
    glass.style.setProperty("top", `${LOUPE_PX / 2 + (0.5 - y) * size.height * ZOOM}px`);
    glass.style.setProperty("transform", `translate(-50%, -50%) rotate(${rotate}deg)`);
  }

  for (const [place, handle] of handles.entries()) {
    /** Where the finger took hold, beside the corner's middle. @type {Point} */
    let hold = [0, 0];
    handle.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      handle.focus();
      handle.setPointerCapture(event.pointerId);
      const grip = handle.getBoundingClientRect();
      hold = [event.clientX - grip.left - grip.width / 2, event.clientY - grip.top - grip.height / 2];
      handle.classList.add("held");
      look(place);
    });
    handle.addEventListener("pointermove", (event) => {
      if (!handle.hasPointerCapture(event.pointerId)) return;
      const size = box.getBoundingClientRect();
      const x = (event.clientX - hold[0] - size.left) / size.width;
      const y = (event.clientY - hold[1] - size.top) / size.height;
      move(place, [Math.min(1, Math.max(0, x)), Math.min(1, Math.max(0, y))]);
      look(place);
    });
    const end = () => {
      handle.classList.remove("held");
      loupe.hidden = true;
    };
    handle.addEventListener("pointerup", end);
    handle.addEventListener("pointercancel", end);
    handle.addEventListener("keydown", (event) => {
      const steps = /** @type {Record<string, Point>} */ ({ ArrowLeft: [-KEY_STEP, 0], ArrowRight: [KEY_STEP, 0], ArrowUp: [0, -KEY_STEP], ArrowDown: [0, KEY_STEP] });
      const step = steps[event.key];
      if (!step) return;
      event.preventDefault();
      const [x, y] = turned(/** @type {Point} */ (corners[place]));
      move(place, [x + step[0], y + step[1]]);
      look(place);
    });
    handle.addEventListener("blur", end);
  }

  const watcher = new ResizeObserver(fit);
  watcher.observe(element);
  return {
    element,
    /** A quarter turn, clockwise. */
    rotate() {
      rotate = (rotate + 90) % 360;
      fit();
    },
    /** What is submitted: no corners where none were found and none were set. */
    value: () => ({ corners: touched || given.corners ? corners : null, rotate_deg: rotate }),
    leave: () => watcher.disconnect(),
  };
}
