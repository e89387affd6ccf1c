/**
 * The console's own words and figures.
 */
import { serviceNow } from "../shared/api.js";
import { dayAndTime, has, hasReason, reasonWords, t as anyWord } from "../shared/i18n.js";

/**
 * @param {string} key under `screens.console`
 * @param {Record<string, string | number>} [values]
 */
export const t = (key, values) => anyWord(`screens.console.${key}`, values);

/**
 * A word under `screens.console`, or what was asked for where there is none.
 * @param {string} group
 * @param {string} key
 */
export const tOr = (group, key) => (has(`screens.console.${group}.${key}`) ? t(`${group}.${key}`) : key);

/**
 * `5 时 12 分`.
 * @param {number} seconds
 */
export function duration(seconds) {
  const minutes = Math.max(0, Math.floor(seconds / 60));
  if (minutes < 60) return t("time.minutes", { minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return t("time.hours", { hours, minutes: String(minutes % 60).padStart(2, "0") });
  return t("time.days", { days: Math.floor(hours / 24), hours: hours % 24 });
}

/** Seconds until then. @param {string} at */
export const until = (at) => (Date.parse(at) - serviceNow()) / 1000;

/** Seconds since then. @param {string} at */
export const since = (at) => (serviceNow() - Date.parse(at)) / 1000;

/**
 * A reason as a chip's few words; operators may see a shorter form than applicants.
 * @param {string} code
 * @param {number[]} [pages] of a form that it is about
 */
export function reasonTitle(code, pages = []) {
  if (has(`screens.console.reason.${code}`) && !pages.length) return t(`reason.${code}`);
  return hasReason(code) ? reasonWords(code, pages).title : code;
}

/** @param {number | null | undefined} value @param {number} [places] */
export const figure = (value, places = 2) => (value === null || value === undefined ? "–" : value.toFixed(places).replace("-", "−"));

export { dayAndTime };
