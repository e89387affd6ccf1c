/**
 * How the digits of a recording are answered: read aloud, in which language, or typed.
 */
import { locale } from "../shared/i18n.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {"spoken" | "typed"} Way */

const CHOSEN = "way";

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
  const [session, chosen] = (sessionStorage.getItem(CHOSEN) ?? "").split(" ");
  if (session === app.state.session.id && (chosen === "typed" || chosen === "spoken")) return chosen;
  return app.step("face")?.slots[0]?.way ?? "spoken";
}

/**
 * A reload in the middle forgets nothing.
 * @param {App} app
 * @param {Way} way
 */
export const chooseWay = (app, way) => sessionStorage.setItem(CHOSEN, `${app.state.session.id} ${way}`);
