/**
 * The icons, drawn as lines on a 24 × 24 grid, and the marks of states on a 20 × 20 one. They scale with the text.
 */
import { s } from "./dom.js";

/** @type {Record<string, string[]>} Paths of each icon. */
const PATHS = {
  back: ["M15 5l-7 7 7 7"],
  next: ["M9 5l7 7-7 7"],
  close: ["M6 6l12 12M18 6L6 18"],
  phone: ["M9.2 2.8h5.6a2.2 2.2 0 0 1 2.2 2.2v14a2.2 2.2 0 0 1-2.2 2.2H9.2A2.2 2.2 0 0 1 7 19V5a2.2 2.2 0 0 1 2.2-2.2z", "M10.8 18.2h2.4"],
  card: [
    "M4.8 5h14.4a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H4.8a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2z",
    "M10.5 10.8a2 2 0 1 1-4 0 2 2 0 0 1 4 0z",
    "M5.5 15.8c.6-1.8 1.7-2.4 3-2.4s2.4.6 3 2.4M14 10h4.5M14 14h4.5",
  ],
  licence: [
    "M4.3 4.5h15.4a1.5 1.5 0 0 1 1.5 1.5v12a1.5 1.5 0 0 1-1.5 1.5H4.3A1.5 1.5 0 0 1 2.8 18V6a1.5 1.5 0 0 1 1.5-1.5z",
    "M13.6 8.8a1.6 1.6 0 1 1-3.2 0 1.6 1.6 0 0 1 3.2 0z",
    "M6.5 13.2h11M6.5 16.2h6.5",
  ],
  face: [
    "M4 8V5.5A1.5 1.5 0 0 1 5.5 4H8M16 4h2.5A1.5 1.5 0 0 1 20 5.5V8M20 16v2.5a1.5 1.5 0 0 1-1.5 1.5H16M8 20H5.5A1.5 1.5 0 0 1 4 18.5V16",
    "M9 10v.8M15 10v.8M9 14.8c1.7 1.5 4.3 1.5 6 0",
  ],
  form: ["M6 3h8.5L19 7.5V21H6z", "M14 3v5h5M9 12.5h7M9 16h4.5"],
  shield: ["M12 3l7.5 2.8v5.4c0 4.6-3 8-7.5 9.8-4.5-1.8-7.5-5.2-7.5-9.8V5.8z", "M8.6 12l2.5 2.5 4.4-4.7"],
  tick: ["M5 12.5l4.6 4.6L19 7.5"],
  microphone: ["M12 3.5a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0v-5a3 3 0 0 1 3-3z", "M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3"],
  plus: ["M12 5v14M5 12h14"],
  camera: [
    "M4 8h3.2l1.6-2.4h6.4L16.8 8H20a1.2 1.2 0 0 1 1.2 1.2v8.6A1.2 1.2 0 0 1 20 19H4a1.2 1.2 0 0 1-1.2-1.2V9.2A1.2 1.2 0 0 1 4 8z",
    "M15.6 13a3.6 3.6 0 1 1-7.2 0 3.6 3.6 0 0 1 7.2 0z",
  ],
  video: ["M5 6.5h8a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2z", "M15 11l6-3.5v9L15 13"],
  network: ["M3.5 9.5a12 12 0 0 1 17 0M6.5 12.8a7.8 7.8 0 0 1 11 0M9.5 16a3.6 3.6 0 0 1 5 0", "M12 19.2v.1"],
  link: ["M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1"],
  album: [
    "M5 4.5h14a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-11a2 2 0 0 1 2-2z",
    "M10 9.5a1.5 1.5 0 1 1-3 0 1.5 1.5 0 0 1 3 0z",
    "M3.5 17.5l5.5-5 4 3.5 3-2.5 4.5 4",
  ],
  torch: ["M13 3L6 13.5h5L10.5 21 18 10.2h-5z"],
  light: [
    "M15.8 12a3.8 3.8 0 1 1-7.6 0 3.8 3.8 0 0 1 7.6 0z",
    "M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6L7 7M17 17l1.4 1.4M5.6 18.4L7 17M17 7l1.4-1.4",
  ],
  rotate: ["M19.5 12a7.5 7.5 0 1 1-2.4-5.5", "M19.8 3.2v4.3h-4.3"],
  enlarge: ["M17 10.5a6.5 6.5 0 1 1-13 0 6.5 6.5 0 0 1 13 0z", "M15.4 15.4L20.5 20.5M10.5 7.8v5.4M7.8 10.5h5.4"],
  distance: ["M3 12h18M6.5 8.5L3 12l3.5 3.5M17.5 8.5L21 12l-3.5 3.5"],
  wall: [
    "M5 3.8h14a1.2 1.2 0 0 1 1.2 1.2v14a1.2 1.2 0 0 1-1.2 1.2H5A1.2 1.2 0 0 1 3.8 19V5A1.2 1.2 0 0 1 5 3.8z",
    "M14.8 9.8a2.8 2.8 0 1 1-5.6 0 2.8 2.8 0 0 1 5.6 0z",
    "M6.8 20c.4-3.6 2.5-5.2 5.2-5.200s4.8 1.6 5.2 5.2",
  ],
  sharp: ["M19 12a7 7 0 1 1-14 0 7 7 0 0 1 14 0z", "M12 2.500v4M12 17.500v4M2.5 12h4M17.5 12h4"],
  clock: ["M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0z", "M12 7.2V12l3.2 2"],
  question: [
    "M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0z",
    "M9.6 9.6a2.4 2.4 0 1 1 3.6 2.1c-.8.5-1.2 1-1.2 1.9M12 16.8v.1",
  ],
  person: ["M16 8.5a4 4 0 1 1-8 0 4 4 0 0 1 8 0z", "M4.5 20c.8-4.2 3.6-6 7.5-6s6.7 1.8 7.5 6"],
  download: ["M12 4v11M7.5 10.8L12 15.300l4.5-4.500M4.5 19.500h15"],
  refresh: ["M19.5 12a7.5 7.5 0 1 1-2.4-5.5", "M19.8 3.200v4.300h-4.3"],
  computer: ["M4 5h16a1.5 1.5 0 0 1 1.5 1.500v9A1.5 1.5 0 0 1 20 17H4a1.5 1.5 0 0 1-1.5-1.500v-9A1.5 1.5 0 0 1 4 5z", "M8.5 20.500h7M12 17v3.5"],
  hourglass: ["M7 3.500h10M7 20.500h10M8 3.500v3.300c0 2.2 4 3.4 4 5.200s-4 3-4 5.200v3.300M16 3.500v3.300c0 2.2-4 3.4-4 5.200s4 3 4 5.200v3.3"],
  search: ["M17 10.500a6.5 6.5 0 1 1-13 0 6.5 6.5 0 0 1 13 0z", "M15.4 15.400L20.5 20.5"],
  settings: [
    "M4 7h9M17 7h3M4 17h3M11 17h9",
    "M17 7a2 2 0 1 1-4 0 2 2 0 0 1 4 0zM11 17a2 2 0 1 1-4 0 2 2 0 0 1 4 0z",
  ],
  report: ["M5 20V10M12 20V4M19 20v-7"],
  queue: ["M4 6h16M4 12h16M4 18h10"],
  play: ["M8 5l11 7-11 7z"],
  pause: ["M9 5v14M15 5v14"],
  inbox: ["M4 13.500L6.500 5h11L20 13.500V19H4z", "M4 13.500h4.500l1.500 2.500h4l1.500-2.500H20"],
  copy: ["M10.5 8h8A1.5 1.5 0 0 1 20 9.5v8a1.5 1.500 0 0 1-1.500 1.500h-8A1.500 1.500 0 0 1 9 17.500v-8A1.500 1.500 0 0 1 10.500 8z", "M6.500 15.500A1.500 1.500 0 0 1 5 14V6.500A1.500 1.500 0 0 1 6.500 5H14a1.500 1.500 0 0 1 1.500 1.500"],
};

/**
 * A line icon. It says nothing to a screen reader: its word stands beside it.
 * @param {string} name
 * @param {{size?: number, stroke?: number, class?: string}} [options] size in px at the normal text size
 * @returns {SVGSVGElement}
 */
export function icon(name, options = {}) {
  const { size = 22, stroke = 1.8 } = options;
  const paths = PATHS[name];
  if (!paths) throw new Error(`no icon ${name}`);
  return s(
    "svg",
    {
      class: `ico ${options.class ?? ""}`.trim(),
      viewBox: "0 0 24 24",
      fill: "none",
      stroke: "currentColor",
      "stroke-width": stroke,
      "stroke-linecap": "round",
      "stroke-linejoin": "round",
      "aria-hidden": "true",
      style: { width: `${size / 16}rem`, height: `${size / 16}rem` },
    },
    paths.map((d) => s("path", { d })),
  );
}

/** @typedef {"open" | "working" | "passed" | "redo" | "doubtful" | "operator" | "wrong"} Mark */

/**
 * The mark of a state: open ○, working ◔, passed ✓, redo !, doubtful triangle, operator ⏳, wrong ×.
 * @param {Mark} mark
 * @param {number} [size] in px at the normal text size
 * @returns {SVGSVGElement}
 */
export function stateMark(mark, size = 18) {
  const line = { fill: "none", "stroke-linecap": "round", "stroke-linejoin": "round" };
  /** @type {Record<Mark, () => SVGElement[]>} */
  const drawn = {
    open: () => [s("circle", { cx: 10, cy: 10, r: 8, fill: "none", stroke: "var(--edge)", "stroke-width": 1.8 })],
    working: () => [
      s("circle", { cx: 10, cy: 10, r: 8, fill: "none", stroke: "var(--edge)", "stroke-width": 1.8, opacity: 0.45 }),
      s("path", { ...line, d: "M10 2a8 8 0 0 1 8 8", stroke: "var(--accent)", "stroke-width": 2.4 }),
      s("path", { d: "M10 10V4.5A5.5 5.5 0 0 1 15.5 10z", fill: "var(--accent)" }),
    ],
    passed: () => [
      s("circle", { cx: 10, cy: 10, r: 9, fill: "var(--success)" }),
      s("path", { ...line, d: "M5.8 10.4l2.9 2.9 5.6-6", stroke: "var(--on-state)", "stroke-width": 2 }),
    ],
    redo: () => [
      s("circle", { cx: 10, cy: 10, r: 9, fill: "var(--danger)" }),
      s("path", { ...line, d: "M10 5v6", stroke: "var(--on-state)", "stroke-width": 2.2 }),
      s("circle", { cx: 10, cy: 14.4, r: 1.3, fill: "var(--on-state)" }),
    ],
    doubtful: () => [
      s("path", { ...line, d: "M10 1.6L19 17.8H1z", fill: "var(--warning)", stroke: "var(--warning)", "stroke-width": 1.4 }),
      s("path", { ...line, d: "M10 7v5", stroke: "var(--on-state)", "stroke-width": 2 }),
      s("circle", { cx: 10, cy: 15, r: 1.2, fill: "var(--on-state)" }),
    ],
    operator: () => [
      s("circle", { cx: 10, cy: 10, r: 9, fill: "var(--warning)" }),
      s("path", { ...line, d: "M7 5.2h6M7 14.800h6M7.8 5.200c0 3 2.2 3.2 2.2 4.800s-2.2 1.8-2.2 4.800M12.2 5.200c0 3-2.2 3.2-2.2 4.800s2.2 1.8 2.2 4.8", stroke: "var(--on-state)", "stroke-width": 1.3 }),
    ],
    wrong: () => [
      s("circle", { cx: 10, cy: 10, r: 9, fill: "var(--danger)" }),
      s("path", { ...line, d: "M6.6 6.6l6.8 6.8M13.4 6.6l-6.8 6.8", stroke: "var(--on-state)", "stroke-width": 2 }),
    ],
  };
  return s(
    "svg",
    {
      class: "st",
      viewBox: "0 0 20 20",
      "aria-hidden": "true",
      "data-mark": mark,
      style: { width: `${size / 16}rem`, height: `${size / 16}rem` },
    },
    drawn[mark](),
  );
}
