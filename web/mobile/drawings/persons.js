/**
 * Drawn people for the instructions: head and shoulders, with what is right or wrong about the picture.
 */
import { s } from "../../shared/dom.js";

/**
 * @typedef {object} Person
 * @property {string} [wall] colour behind
 * @property {boolean} [room] furniture behind
 * @property {string} [coat]
 * @property {boolean} [longHair]
 * @property {boolean} [glasses]
 * @property {boolean} [covered] mask and hat
 * @property {boolean} [sideLight]
 * @property {boolean} [speaking]
 * @property {boolean} [noise]
 */

const SKIN = "#F0C7A2";
const SHADE = "#DDA983";
const HAIR = "#2A2B31";

let drawnCount = 0;

/** @param {Person} person */
export function drawPerson(person) {
  const { wall = "#F6F7F8", coat = "#46627F" } = person;
  const round = { fill: "none", "stroke-linecap": "round", "stroke-linejoin": "round" };
  const clip = `lit-${(drawnCount += 1)}`;
  const body = s(
    "g",
    person.noise ? { transform: "translate(150 244) scale(.86) translate(-150 -230)" } : {},
    person.longHair ? s("path", { d: "M68 190C62 108 104 66 150 66s88 42 82 124c-2 44 8 96 14 130H54c6-34 16-86 14-130z", fill: HAIR }) : null,
    s("path", { d: "M18 440c6-76 46-104 96-116q36 22 72 0c50 12 90 40 96 116z", fill: coat }),
    s("path", { d: "M112 324l-16 6 34 40 20-24 20 24 34-40-16-6-38 26z", fill: "#fff", opacity: 0.92 }),
    s("path", { d: "M118 280h64v40q-32 34-64 0z", fill: SHADE }),
    s("ellipse", { cx: 77, cy: 214, rx: 12, ry: 19, fill: SHADE }),
    s("ellipse", { cx: 223, cy: 214, rx: 12, ry: 19, fill: SHADE }),
    s("path", { d: "M78 190c0-62 32-98 72-98s72 36 72 98c0 66-34 112-72 112s-72-46-72-112z", fill: SKIN }),
    [120, 180].map((x) => [
      s("ellipse", { cx: x, cy: 200, rx: 7, ry: 8, fill: "#26272B" }),
      s("circle", { cx: x + 2.4, cy: 197, r: 2.2, fill: "#fff" }),
      s("path", { ...round, d: `M${x - 15} 178q15-9 30 0`, stroke: HAIR, "stroke-width": 6 }),
    ]).flat(),
    s("path", { ...round, d: "M150 203l-5 24q5 5 10 1", stroke: SHADE, "stroke-width": 4.5 }),
    person.speaking
      ? s("g", {}, s("ellipse", { cx: 150, cy: 253, rx: 13, ry: 10, fill: "#8E3F38" }), s("path", { d: "M139 250q11-5 22 0v1h-22z", fill: "#fff" }))
      : s("path", { ...round, d: "M132 250q18 11 36 0", stroke: "#A85B4C", "stroke-width": 5 }),
    s("path", {
      d: person.longHair
        ? "M74 226C62 118 104 70 151 70c46 0 89 48 75 156-6-14-8-26-9-40-6-28-24-50-60-58-22 32-50 44-70 48-2 14-6 34-13 50z"
        : "M76 206C66 118 106 74 151 74c46 0 83 44 73 132-2-6-5-12-7-20-4-26-14-42-30-50-26 14-66 14-86 4-10 12-15 28-17 46-2 8-6 14-8 20z",
      fill: HAIR,
    }),
    person.glasses
      ? s("g", { fill: "none", stroke: "#3A3D44", "stroke-width": 4 }, s("rect", { x: 98, y: 182, width: 42, height: 36, rx: 14 }), s("rect", { x: 160, y: 182, width: 42, height: 36, rx: 14 }), s("path", { d: "M140 196q10-6 20 0" }))
      : null,
    person.covered
      ? s(
          "g",
          {},
          s("path", { d: "M84 222q66-22 132 0v34q-12 44-66 48-54-4-66-48z", fill: "#BFD9EA" }),
          s("path", { d: "M92 240q58-14 116 0M94 258q56-12 112 0", stroke: "#A3C3D8", "stroke-width": 3, fill: "none" }),
          s("path", { d: "M70 150C74 84 116 62 150 62s76 22 80 88z", fill: "#7A4B3A" }),
          s("path", { d: "M52 150q98-34 196 0l-8 14q-90-26-180 0z", fill: "#5E382B" }),
        )
      : null,
    person.sideLight ? s("g", { "clip-path": `url(#${clip})` }, s("rect", { x: 150, y: 60, width: 120, height: 340, fill: "#2B1B12", opacity: 0.52 })) : null,
  );
  return s(
    "svg",
    { viewBox: "0 0 300 400", preserveAspectRatio: "xMidYMid slice", "aria-hidden": "true" },
    person.sideLight
      ? s("defs", {}, s("clipPath", { id: clip }, s("path", { d: "M76 196a74 94 0 0 1 148 0q0 10-1 18 10 4 8 20t-14 16q-10 36-36 52v16q74 14 96 82H23q22-68 96-82v-16q-26-16-36-52-12 0-14-16t8-20q-1-8-1-18z" })))
      : null,
    s("rect", { width: 300, height: 400, fill: wall }),
    person.room
      ? s(
          "g",
          {},
          s("rect", { x: 20, y: 30, width: 90, height: 120, rx: 4, fill: "#C7A77B" }),
          s("rect", { x: 30, y: 40, width: 70, height: 100, fill: "#8FB0A0" }),
          s("path", { d: "M206 0h94v250h-94z", fill: "#A9825E" }),
          s("path", { d: "M214 20h22v70h-22zM240 12h14v78h-14zM258 26h26v64h-26z", fill: "#C2564A" }),
          s("path", { d: "M214 120h14v74h-14zM232 112h24v82h-24zM260 128h22v66h-22z", fill: "#4E7D8C" }),
        )
      : null,
    body,
    person.noise
      ? s("path", { ...round, d: "M18 120l40 14M14 190h40M18 262l40-14M282 120l-40 14M286 190h-40M282 262l-40-14", stroke: "var(--mark)", "stroke-width": 9 })
      : null,
  );
}
