/**
 * What the framing screen says: one hint, and the four conditions with their states. Both the service's look at a frame
 * and the page's own measures come down to it.
 */

/** @typedef {import("./conditions.js").Conditions} Conditions */
/** @typedef {import("./hints.js").Seen} Seen */
/** @typedef {"ok" | "bad" | "self"} Tone `self`: nobody looked, see for yourself */
/** @typedef {{condition: string, picture: string, tone: Tone, word: string}} Row `word` is one of the `framing.c_` words */
/**
 * @typedef {object} Advice
 * @property {string | null} hint one of the `framing.` words; null: nothing is told
 * @property {string | null} passing the hint where what is wrong can be mended while one reads digits
 * @property {string | null} towards which way somebody who doesn't see the oval is to move, one of the `framing.centre_` words
 * @property {boolean} well whether nothing at all is wrong, not even what isn't told yet
 * @property {Row[]} rows
 */

/** The hint for each reason that the service gives of a frame. @type {Record<string, string>} */
const HINTS = {
  face_not_found: "nobody",
  face_multiple: "several",
  face_too_small: "closer",
  face_too_large: "back",
  face_off_centre: "centre",
  face_occluded: "covered",
  sunglasses_worn: "sunglasses",
  shoulders_bare: "shoulders",
  eyes_closed: "eyes",
  head_turned: "turned",
  head_shaking: "still",
  background_not_white: "wall",
  too_dark: "dark",
  too_bright: "bright",
  video_blurry: "blur",
};

/** What is wrong with each condition, by reason. @type {Record<string, Record<string, string>>} */
const FAULTS = {
  distance: { face_too_small: "distance_far", face_too_large: "distance_near" },
  face: {
    face_not_found: "face_none",
    face_multiple: "face_several",
    face_off_centre: "face_off",
    face_occluded: "face_covered",
    sunglasses_worn: "face_sunglasses",
    shoulders_bare: "face_shoulders",
    eyes_closed: "face_eyes",
    head_turned: "face_turned",
    head_shaking: "face_moves",
    video_blurry: "sharp_bad",
  },
  light: { too_dark: "light_dark", too_bright: "light_bright" },
  wall: { background_not_white: "wall_bad" },
};
const GOOD = { distance: "distance_ok", face: "face", light: "light", wall: "wall" };
const UNKNOWN = { distance: "distance", face: "self", light: "light_unknown", wall: "wall_unknown" };
const CHECK = { distance: "place", face: "head", light: "light", wall: "background" };

/** What can be mended while one reads digits. */
const MENDABLE_IN_PASSING = new Set([
  "face_not_found", "face_multiple", "face_too_small", "face_too_large", "face_off_centre", "eyes_closed", "head_turned", "head_shaking", "too_dark", "too_bright",
]);

/**
 * From the service's look.
 * @param {Seen} seen
 * @param {string[]} told the reasons that last
 * @param {{width: number, height: number}} size of the picture, in any unit
 * @returns {Advice}
 */
export function adviceOf(seen, told, size) {
  const conditions = /** @type {("distance" | "face" | "light" | "wall")[]} */ (["distance", "face", "light", "wall"]);
  const rows = conditions.map((condition) => {
    const fault = told.map((reason) => FAULTS[condition]?.[reason]).find(Boolean);
    const unknown = seen.not_checked.includes(CHECK[condition]);
    /** @type {Tone} */
    const tone = fault ? "bad" : unknown ? "self" : "ok";
    return { condition, picture: condition, tone, word: fault ?? (unknown ? UNKNOWN : GOOD)[condition] };
  });
  const hint = hintOf(told);
  const passing = hintOf(told.filter((reason) => MENDABLE_IN_PASSING.has(reason)));
  return { hint, passing, towards: hint === "centre" && seen.head ? wayBack(seen.head, size) : null, well: !seen.reasons.length, rows };
}

/**
 * Which way leads to the middle. The picture isn't mirrored: its right is the person's left.
 * @param {import("./hints.js").Head} head
 * @param {{width: number, height: number}} size
 */
function wayBack(head, size) {
  const side = Math.min(size.width, size.height);
  const across = (head.x * side) / size.width - 0.5;
  const down = (head.y * side) / size.height - 0.5;
  if (Math.abs(across) >= Math.abs(down)) return across > 0 ? "right" : "left";
  return down > 0 ? "up" : "down";
}

/** The one hint: the service names the most mendable first. @param {string[]} told */
function hintOf(told) {
  const first = told[0];
  return first === undefined ? null : (HINTS[first] ?? null);
}

/**
 * From what the page measures itself.
 * @param {Conditions} seen
 * @returns {Advice}
 */
export function ownAdvice(seen) {
  const where = seen.distance === "far" ? "distance_far" : seen.distance === "near" ? "distance_near" : seen.face === "off" ? "face_off" : "distance";
  const place = seen.face === "off" || seen.distance === "far" || seen.distance === "near" ? "bad" : seen.face === "unknown" ? "self" : "ok";
  const hint = firstBad(seen);
  return {
    hint,
    towards: null,
    passing: hint === "wall" || hint === "blur" ? null : hint,
    well: hint === null,
    rows: [
      { condition: "distance", picture: place === "bad" ? "distance" : "face", tone: place, word: place === "bad" ? where : place === "self" ? "self" : "face" },
      { condition: "sharp", picture: "sharp", tone: tone(seen.sharp), word: seen.sharp === "bad" ? "sharp_bad" : "sharp" },
      { condition: "light", picture: "light", tone: tone(seen.light), word: seen.light === "dark" ? "light_dark" : seen.light === "bright" ? "light_bright" : "light" },
      { condition: "wall", picture: "wall", tone: tone(seen.wall), word: seen.wall === "bad" ? "wall_bad" : "wall" },
    ],
  };
}

/** The most mendable first. @param {Conditions} seen */
function firstBad(seen) {
  if (seen.face === "off") return "centre";
  if (seen.distance === "far") return "closer";
  if (seen.distance === "near") return "back";
  if (seen.light === "dark") return "dark";
  if (seen.light === "bright") return "bright";
  if (seen.wall === "bad") return "wall";
  return seen.sharp === "bad" ? "blur" : null;
}

/** @param {import("./conditions.js").Verdict} verdict @returns {Tone} */
const tone = (verdict) => (verdict === "ok" ? "ok" : verdict === "unknown" ? "self" : "bad");
