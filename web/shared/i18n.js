/**
 * The words of the pages. They live in `/static/locales/<locale>.json`: `reasons.<code>.title|next` and
 * `screens.<page>.<key>`, and in `pages` how a form's pages are told; a word may hold `{name}` places and, for a `count`, two forms divided by `||` (one, other).
 */

/** @typedef {"zh-CN" | "en"} Locale */
/** @typedef {{title: string, next: string}} ReasonWords */
/** @typedef {{reasons: Record<string, ReasonWords>, screens: Record<string, unknown>}} Words */

/** @type {Words} */
let words = { reasons: {}, screens: {} };
/** @type {Locale} */
let current = "zh-CN";

/**
 * The language that the phone or the browser asks for.
 * @returns {Locale}
 */
export function preferredLocale() {
  const first = (navigator.languages?.[0] ?? navigator.language ?? "zh-CN").toLowerCase();
  return first.startsWith("zh") ? "zh-CN" : "en";
}

/** @returns {Locale} */
export function locale() {
  return current;
}

/**
 * Loads a language and says so to the browser (`<html lang>`).
 * @param {Locale} [wanted]
 */
export async function loadWords(wanted = preferredLocale()) {
  const answer = await fetch(`/static/locales/${wanted}.json`, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`no words for ${wanted}`);
  words = await answer.json();
  current = wanted;
  document.documentElement.lang = wanted;
}

/**
 * @param {string} path such as `screens.mobile.home.title`
 * @returns {string | undefined}
 */
function find(path) {
  /** @type {unknown} */
  let node = words;
  for (const part of path.split(".")) {
    if (typeof node !== "object" || node === null) return undefined;
    node = /** @type {Record<string, unknown>} */ (node)[part];
  }
  return typeof node === "string" ? node : undefined;
}

/**
 * The word at `path`, its places filled. A missing word shows its path: tests look for none.
 * @param {string} path
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function t(path, values = {}) {
  const text = find(path);
  if (text === undefined) return path;
  const forms = text.split("||");
  const chosen = forms.length > 1 && values.count !== 1 ? forms[1] : forms[0];
  return (chosen ?? "").replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * Whether a word exists.
 * @param {string} path
 */
export function has(path) {
  return find(path) !== undefined;
}

/**
 * The words of a reason code; an unknown code gets the general ones. With `pages` the title tells those of a form that
 * it is about, or that are missing.
 * @param {string} code
 * @param {number[]} [pages]
 * @returns {ReasonWords}
 */
export function reasonWords(code, pages = []) {
  const known = words.reasons[code] ?? words.reasons.review_required ?? { title: code, next: "" };
  if (!pages.length) return known;
  const values = { title: known.title, pages: pages.join(t("pages.comma")), count: pages.length };
  return { title: t(code === "form_incomplete" ? "pages.missing" : "pages.of", values), next: code === "form_incomplete" ? t("pages.next", values) : known.next };
}

/**
 * Reasons under the advice that they share, which is said once after all that it is for.
 * @template {{code: string, pages: number[]}} R
 * @param {R[]} reasons
 * @returns {{next: string, of: {reason: R, title: string}[]}[]}
 */
export function byAdvice(reasons) {
  /** @type {Map<string, {reason: R, title: string}[]>} */
  const groups = new Map();
  for (const reason of reasons) {
    const { title, next } = reasonWords(reason.code, reason.pages);
    groups.set(next, [...(groups.get(next) ?? []), { reason, title }]);
  }
  return [...groups].map(([next, of]) => ({ next, of }));
}

/**
 * Whether a reason code has words of its own.
 * @param {string} code
 */
export function hasReason(code) {
  return code in words.reasons;
}

/** A filing in China has China's times, wherever its pages are read. */
const CHINA = "Asia/Shanghai";
const CHINA_AHEAD_MIN = 480; // no summer time since 1992

/**
 * The zone's name, where the reader's own clock shows another time.
 * @param {Date} at
 * @param {string} text
 */
const zoned = (at, text) => (at.getTimezoneOffset() === -CHINA_AHEAD_MIN ? text : t("screens.china_time", { time: text }));

/** @param {Date} at */
const clock = (at) => new Intl.DateTimeFormat(current, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: CHINA }).format(at);

/**
 * `14:30` in China's time, which is named where the reader's own is another.
 * @param {string | number | Date} at
 */
export function clockTime(at) {
  const date = new Date(at);
  return zoned(date, clock(date));
}

/**
 * The same without the zone's name, for places too narrow for it beside others that name it.
 * @param {string | number | Date} at
 */
export const bareTime = (at) => clock(new Date(at));

/**
 * `11 月 24 日（周二）18:00` / `Tue 24 Nov, 18:00`, as `clockTime`.
 * @param {string | number | Date} at
 */
export function dayAndTime(at) {
  const date = new Date(at);
  /** @type {Intl.DateTimeFormatOptions} */
  const wanted = { weekday: "short", day: "numeric", month: current === "en" ? "short" : "numeric", timeZone: CHINA };
  if (current === "en") return zoned(date, `${new Intl.DateTimeFormat("en-GB", wanted).format(date)}, ${clock(date)}`);
  const parts = new Intl.DateTimeFormat("zh-CN", wanted).formatToParts(date);
  const part = (/** @type {string} */ type) => parts.find((each) => each.type === type)?.value ?? "";
  return zoned(date, `${part("month")} 月 ${part("day")} 日（${part("weekday")}）${clock(date)}`);
}

/**
 * `27:40` of the seconds left, never below zero.
 * @param {number} seconds
 */
export function countdown(seconds) {
  const left = Math.max(0, Math.ceil(seconds));
  const minutes = Math.floor(left / 60);
  return `${String(minutes).padStart(2, "0")}:${String(left % 60).padStart(2, "0")}`;
}
