/**
 * What was read and what was entered, one under the other in the groups that people read numbers in, with the columns
 * that differ boxed.
 */
import { h } from "../shared/dom.js";
import { w } from "./words.js";

const SHORT = 10; // a passport's number is read as one word
const PLAIN_GROUP = 6;

/**
 * Group lengths: 6-8-4 for an ID number, 6-6-6 for a credit code.
 * @param {string} number
 */
export function groupLengths(number) {
  if (/^\d{17}[\dX]$/i.test(number)) return [6, 8, 4];
  if (number.length <= SHORT) return [number.length];
  const lengths = [];
  for (let left = number.length; left > 0; left -= PLAIN_GROUP) lengths.push(Math.min(PLAIN_GROUP, left));
  return lengths;
}

/**
 * The places (from 0) at which two texts of one length differ; null where the lengths differ.
 * @param {string} read
 * @param {string} entered
 * @returns {number[] | null}
 */
export function differingPlaces(read, entered) {
  const one = Array.from(read);
  const other = Array.from(entered);
  if (one.length !== other.length) return null;
  return one.flatMap((character, place) => (character.toUpperCase() === other[place]?.toUpperCase() ? [] : [place]));
}

/**
 * @param {string} read
 * @param {string} entered
 * @param {string} word what the upper line is: read, or edited by hand
 */
export function comparison(read, entered, word) {
  const places = differingPlaces(read, entered);
  const marked = new Set(places ?? []);
  const label = w("fields.aria", { read, entered, places: (places ?? []).map((place) => place + 1).join(", ") });
  const longer = read.length >= entered.length ? read : entered;
  let start = 0;
  const groups = groupLengths(longer).map((length) => {
    const begin = start;
    start += length;
    /** @param {string} text @param {string} className @param {string} word */
    const row = (text, className, word) =>
      h(
        "div",
        { class: `r ${className}`, "data-label": word },
        Array.from({ length }, (_, offset) => h("b", { class: marked.has(begin + offset) ? "d" : "" }, text[begin + offset] ?? "·")),
      );
    return h("div", { class: "g", style: { flex: `${length} 1 0` } }, row(read, "a", word), row(entered, "z", w("fields.entered")));
  });
  return h(
    "div",
    { class: "cmp", role: "img", "aria-label": label },
    h("div", { class: "lab" }, h("small", {}, word), h("small", {}, w("fields.entered"))),
    groups,
  );
}

/**
 * A number in its groups.
 * @param {string} number
 */
export function groupedNumber(number) {
  let start = 0;
  return h(
    "span",
    { class: "mono grouped" },
    h("span", { class: "sr" }, number),
    groupLengths(number).map((length) => {
      const part = number.slice(start, start + length);
      start += length;
      return h("i", { "aria-hidden": "true" }, part);
    }),
  );
}
