/**
 * The one picture of a message screen: expired code, tick, clock, lock.
 */
import { s } from "../../shared/dom.js";

const line = { fill: "none", "stroke-linecap": "round", "stroke-linejoin": "round" };

/** @param {(SVGElement | null)[]} parts */
const disc = (parts) => s("svg", { class: "emblem", viewBox: "0 0 96 96", "aria-hidden": "true" }, parts);

/**
 * A code that leads nowhere, with a small mark that says why.
 * @param {string} code
 */
export function linkPicture(code) {
  const edge = { fill: "none", stroke: "var(--edge)", "stroke-width": 5, opacity: 0.6 };
  const small = { ...line, stroke: "var(--card)", "stroke-width": 3.6 };
  /** @type {Record<string, SVGElement[]>} */
  const marks = {
    link_already_used: [s("rect", { ...small, x: 93.5, y: 76, width: 13, height: 24, rx: 3 }), s("path", { ...small, d: "M98.5 95.2h3" })],
    session_canceled: [s("path", { ...small, d: "M92 80l16 16M108 80L92 96" })],
    none: [s("path", { ...small, d: "M92 84v-5h5M103 79h5v5M108 92v5h-5M97 97h-5v-5" })],
  };
  return s(
    "svg",
    { class: "emblem wide", viewBox: "0 0 132 120", "aria-hidden": "true" },
    s("rect", { x: 16, y: 10, width: 92, height: 92, rx: 12, fill: "var(--card)", stroke: "var(--line)", "stroke-width": 2 }),
    s("g", edge, s("rect", { x: 31, y: 25, width: 20, height: 20 }), s("rect", { x: 73, y: 25, width: 20, height: 20 }), s("rect", { x: 31, y: 67, width: 20, height: 20 })),
    s("path", { ...edge, d: "M62 26v12M62 48v8M73 56h8M34 56h8M52 56h6M62 66h8M64 78v10M76 68h6" }),
    s("circle", { cx: 100, cy: 88, r: 24, fill: "var(--muted)", stroke: "var(--page)", "stroke-width": 5 }),
    marks[code] ?? [s("path", { ...small, d: "M100 75v13l8 5" })],
  );
}

/** The large disc of 'done': white on it is for this size alone. */
export const doneTick = () =>
  disc([
    s("circle", { cx: 48, cy: 48, r: 46, fill: "var(--tick)" }),
    s("path", { ...line, d: "M28 50l14 14 27-30", stroke: "var(--on-scrim)", "stroke-width": 7, class: "drawn" }),
  ]);

export const waitingClock = () =>
  disc([
    s("circle", { cx: 48, cy: 48, r: 46, fill: "var(--warning-tint)" }),
    s("circle", { cx: 48, cy: 48, r: 27, fill: "var(--card)", stroke: "var(--warning)", "stroke-width": 5 }),
    s("path", { ...line, d: "M48 32v17l11 7", stroke: "var(--warning)", "stroke-width": 5 }),
  ]);

export const lockPicture = () =>
  disc([
    s("circle", { cx: 48, cy: 48, r: 46, fill: "var(--sunk)" }),
    s("rect", { x: 28, y: 43, width: 40, height: 29, rx: 6, fill: "var(--muted)" }),
    s("path", { d: "M35 43v-7a13 13 0 0 1 26 0v7", fill: "none", stroke: "var(--muted)", "stroke-width": 6 }),
    s("circle", { cx: 48, cy: 56, r: 4, fill: "var(--card)" }),
    s("path", { ...line, d: "M48 57v7", stroke: "var(--card)", "stroke-width": 4 }),
  ]);

export const declinedPicture = () =>
  disc([
    s("circle", { cx: 48, cy: 48, r: 46, fill: "var(--danger-tint)" }),
    s("path", { ...line, d: "M34 28h20l10 10v30H34z", fill: "var(--card)", stroke: "var(--danger)", "stroke-width": 4.5 }),
    s("path", { ...line, d: "M43 46l12 12M55 46L43 58", stroke: "var(--danger)", "stroke-width": 4.5 }),
  ]);

/** @param {string | null} code */
export function troublePicture(code) {
  const waves = s("path", { ...line, d: "M26 44a32 32 0 0 1 44 0M34 53a20 20 0 0 1 28 0M42 62a9 9 0 0 1 12 0", stroke: "var(--muted)", "stroke-width": 5 });
  const tools = s("path", { ...line, d: "M48 28v26M48 66v1", stroke: "var(--muted)", "stroke-width": 6 });
  return disc([
    s("circle", { cx: 48, cy: 48, r: 46, fill: "var(--sunk)" }),
    code === "network_lost" ? waves : tools,
    code === "network_lost" ? s("path", { ...line, d: "M30 30l36 40", stroke: "var(--danger)", "stroke-width": 5 }) : null,
  ]);
}
