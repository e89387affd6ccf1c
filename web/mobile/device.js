/**
 * What kind of phone and browser this is, as far as the words on the pages and the PC's line need it.
 */
import { w } from "./words.js";

/** @returns {"iPhone" | "iPad" | "Android" | "HarmonyOS" | "PC"} */
export function deviceKind() {
  const agent = navigator.userAgent;
  if (/iPhone|iPod/.test(agent)) return "iPhone";
  if (/iPad/.test(agent)) return "iPad";
  if (/HarmonyOS|OpenHarmony/.test(agent)) return "HarmonyOS";
  if (/Android/.test(agent)) return "Android";
  return "PC";
}

/** @returns {string} as the PC's page shows it */
export function browserName() {
  const agent = navigator.userAgent;
  if (inWeChat()) return "微信";
  if (/AlipayClient/.test(agent)) return "支付宝";
  if (/MQQBrowser/.test(agent)) return "QQ";
  if (/HuaweiBrowser/.test(agent)) return "Huawei Browser";
  if (/MiuiBrowser/.test(agent)) return "Mi Browser";
  if (/Edg/.test(agent)) return "Edge";
  if (/Chrome|CriOS/.test(agent)) return "Chrome";
  if (/Firefox|FxiOS/.test(agent)) return "Firefox";
  if (/Safari/.test(agent)) return "Safari";
  return "?";
}

export const inWeChat = () => /MicroMessenger/.test(navigator.userAgent);

/**
 * What to do about a device's fault, in numbered steps for this browser.
 * @param {string} code a reason code of the device group
 * @returns {string[]}
 */
export function helpSteps(code) {
  const kind = deviceKind();
  const browser = inWeChat() ? "wechat" : kind === "iPhone" || kind === "iPad" ? "ios" : "android";
  for (const family of [browser, "any"]) {
    /** @type {string[]} */
    const steps = [];
    for (let place = 1; ; place += 1) {
      const key = `help.${code}.${family}_${place}`;
      const word = w(key);
      if (word.endsWith(key)) break;
      steps.push(word);
    }
    if (steps.length) return steps;
  }
  return [];
}
