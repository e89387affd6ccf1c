/**
 * How the digits of a recording are answered: read aloud, in which language, or typed, and how fast.
 */
import { locale } from "../shared/i18n.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {"spoken" | "typed"} Way */
/** @typedef {"usual" | "slow"} Pace */

const CHOSEN = "way";
const PACE = "pace";

/**
 * The language in which the digits will be read: the one chosen on the instructions, else the page's.
 * @param {App} app
 * @returns {"zh" | "en"}
 */
export const readingLanguage = (app) => app.digitsLanguage ?? (locale() === "zh-CN" ? "zh" : "en");

/**
 * The way chosen on this phone, else that of the last recording.
 * @param {App} app
 * @returns {Way}
 */
export function wayOf(app) {
  const chosen = kept(app, CHOSEN);
  if (chosen === "typed" || chosen === "spoken") return chosen;
  return app.step("face")?.slots[0]?.way ?? "spoken";
}

/**
 * A reload in the middle forgets nothing.
 * @param {App} app
 * @param {Way} way
 */
export const chooseWay = (app, way) => keep(app, CHOSEN, way);

/**
 * How fast digits come that are typed: slowly for who wants more time, a screen reader's user among them.
 * @param {App} app
 * @returns {Pace}
 */
export const paceOf = (app) => (wayOf(app) === "typed" && kept(app, PACE) === "slow" ? "slow" : "usual");

/**
 * @param {App} app
 * @param {Pace} pace
 */
export const choosePace = (app, pace) => keep(app, PACE, pace);

/** @param {App} app @param {string} name @param {string} value */
const keep = (app, name, value) => sessionStorage.setItem(name, `${app.state.session.id} ${value}`);

/** @param {App} app @param {string} name */
function kept(app, name) {
  const [session, value] = (sessionStorage.getItem(name) ?? "").split(" ");
  return session === app.state.session.id ? value : undefined;
}
