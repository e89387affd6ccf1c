/**
 * The left half: what the applicant does now, one thing at a time.
 */
import { h, s } from "../shared/dom.js";
import { clockTime, dayAndTime, has, t } from "../shared/i18n.js";
import { consentRefused, toldSteps } from "./state.js";
import { icon } from "../shared/icons.js";
import { makeCode } from "./code.js";

/** @typedef {import("./state.js").Scene} Scene */
/** @typedef {import("./view.js").Shown} Shown */
/** @typedef {import("./view.js").Acts} Acts */

/**
 * @param {Shown} shown
 * @param {Acts} acts
 * @returns {import("../shared/dom.js").Child[]}
 */
export function leftOf(shown, acts) {
  switch (shown.scene) {
    case "waiting":
      return waiting(shown, acts);
    case "opened":
      return opened(shown, acts);
    case "verified":
      return verified(shown);
    case "in_review":
      return inReview(shown);
    case "link_expired":
    case "no_phone":
      return [disc("clock", "muted"), h("h2", {}, t(`screens.handoff.${shown.scene}.lead`)), h("p", { class: "muted" }, t("screens.handoff.kept")), bottom(button(t("screens.handoff.show_code"), acts.freshCode, "fresh-code"))];
    default:
      return ended(shown);
  }
}

/**
 * @param {Shown} shown
 * @param {Acts} acts
 */
function waiting(shown, acts) {
  const link = /** @type {import("./state.js").Link} */ (shown.link);
  const code = makeCode(link, acts.codeRanOut);
  const again = shown.state.link.opened_at !== null;
  return [
    code.box,
    h("p", {}, t("screens.handoff.waiting.scan")),
    h(
      "p",
      { class: "small muted" },
      code.left,
      " · ",
      h("button", { class: "plain", type: "button", "data-action": "fresh-code", onclick: acts.freshCode }, t("screens.handoff.waiting.refresh")),
    ),
    shown.state.link.refused_at ? h("p", { class: "note warn", "data-refused": true }, t("screens.handoff.refused")) : "",
    bottom(
      copyButton(link.url),
      again ? h("p", { class: "small muted" }, t("screens.handoff.change_note"), " ", h("button", { class: "plain", type: "button", onclick: acts.keepPhone }, t("screens.handoff.keep_phone"))) : "",
    ),
  ];
}

/**
 * @param {Shown} shown
 * @param {Acts} acts
 */
function opened(shown, acts) {
  const { device, opened_at: openedAt, refused_at: refusedAt } = shown.state.link;
  const browser = `screens.handoff.browser.${device?.browser}`;
  const who = [device?.kind, has(browser) ? t(browser) : device?.browser].filter(Boolean).join(" · ");
  const passed = toldSteps(shown.state).filter((step) => step.state === "passed").length;
  const at = openedAt ? clockTime(openedAt) : "";
  // Days may lie between: what the SMS asks for is a code to scan, on whichever phone is at hand.
  const sentBack = shown.state.decision?.kind === "redo" && shown.state.steps.some((step) => step.state === "failed");
  return [
    phonePicture(passed, toldSteps(shown.state).length),
    h("h2", {}, t("screens.handoff.opened.connected")),
    h("p", { class: "muted" }, who ? t("screens.handoff.opened.device", { device: who, time: at }) : t("screens.handoff.opened.at", { time: at })),
    h("p", { class: `live-dot ${shown.offline ? "warn" : "ok"}` }, dot(), shown.offline ? t("screens.handoff.offline.short") : t("screens.handoff.opened.live")),
    refusedAt ? h("p", { class: "note warn", "data-refused": true }, t("screens.handoff.refused")) : "",
    bottom(button(t(`screens.handoff.${sentBack ? "show_code" : "change_phone"}`), acts.freshCode, "change-phone", "second"), h("p", { class: "small muted" }, t("screens.handoff.change_note"))),
  ];
}

/** @param {Shown} shown */
function verified(shown) {
  const { state, portraitUrl } = shown;
  const tick = s(
    "svg",
    { class: "done", width: 48, height: 48, viewBox: "0 0 96 96", "aria-hidden": "true" },
    s("circle", { cx: 48, cy: 48, r: 46, fill: "var(--tick)", stroke: "var(--card)", "stroke-width": 4 }),
    s("path", { d: "M28 50l14 14 27-30", fill: "none", stroke: "#fff", "stroke-width": 8, "stroke-linecap": "round", "stroke-linejoin": "round" }),
  );
  const picture = portraitUrl
    ? h("div", { class: "portrait", "data-portrait": true }, h("img", { src: portraitUrl, alt: t("screens.handoff.verified.portrait") }), tick)
    : h("div", { class: "big" }, tick);
  return [
    picture,
    h("h2", {}, state.person ? t("screens.handoff.verified.who", { name: state.person }) : t("screens.handoff.verified.role")),
    bottom(returnLink(shown, t("screens.handoff.verified.go_on"), "wide")),
  ];
}

/** @param {Shown} shown */
function inReview(shown) {
  const due = shown.state.review?.due_at;
  const byPerson = consentRefused(shown.state);
  return [
    disc("clock", "warn"),
    h("h2", {}, due ? t("screens.handoff.in_review.due", { time: dayAndTime(due) }) : t("screens.handoff.in_review.soon")),
    h("p", { class: "muted" }, clauses(byPerson ? t("screens.handoff.by_person.next") : shown.state.mobile_hint ? t("screens.handoff.in_review.told_to", { number: shown.state.mobile_hint }) : t("screens.handoff.in_review.told"))),
    byPerson ? "" : h("p", { class: "note" }, t("screens.handoff.in_review.leave")),
    bottom(returnLink(shown, t("screens.handoff.back"), "second")),
  ];
}

/** @param {Shown} shown */
function ended(shown) {
  const { state, scene } = shown;
  const tone = scene === "declined" ? "bad" : "muted";
  const message = scene === "declined" ? state.decision?.message : "";
  return [
    disc(scene === "expired" ? "clock" : "close", tone),
    h("h2", {}, t(`screens.handoff.${scene}.lead`)),
    message ? h("p", { class: "note bad", "data-message": true }, message) : "",
    h("p", { class: "muted" }, clauses(t(`screens.handoff.${scene}.next`))),
    state.provider.hotline ? h("p", { class: "muted" }, t("screens.handoff.hotline", { number: state.provider.hotline })) : "",
    bottom(returnLink(shown, t("screens.handoff.back"), "second")),
  ];
}

/**
 * Centred Chinese breaks at its punctuation, a clause a line.
 * @param {string} words
 */
function clauses(words) {
  return words.split(/(?<=[，。；])/).map((clause) => h("span", { class: "clause" }, clause));
}

/** @param {...(Node | string)} children */
function bottom(...children) {
  return h("div", { class: "bottom" }, children);
}

/**
 * @param {string} words
 * @param {() => void} act
 * @param {string} name
 * @param {string} [kind]
 */
function button(words, act, name, kind = "") {
  return h("button", { class: `btn ${kind}`.trim(), type: "button", "data-action": name, onclick: act }, words);
}

/**
 * The way back to the portal, in the window around the frame.
 * @param {Shown} shown
 * @param {string} words
 * @param {string} kind
 */
function returnLink(shown, words, kind) {
  const url = shown.state.return_url;
  if (url === null || !/^https?:\/\//.test(url)) return h("p", { class: "small muted" }, t("screens.handoff.may_close"));
  return h("a", { class: `btn ${kind}`, href: url, target: "_top", "data-action": "return" }, words);
}

/** @param {string} url */
function copyButton(url) {
  const words = h("span", {}, t("screens.handoff.waiting.copy"));
  const field = h("input", { class: "address", readonly: true, value: url, "aria-label": t("screens.handoff.waiting.copy"), hidden: true });
  const act = async () => {
    try {
      await navigator.clipboard.writeText(url);
      words.textContent = t("screens.handoff.waiting.copied");
    } catch {
      // The portal's frame gives no permission: the address is shown, selected, to be copied by hand.
      field.hidden = false;
      field.select();
      words.textContent = t("screens.handoff.waiting.copy_by_hand");
    }
  };
  return h(
    "span",
    { class: "copy" },
    h("button", { class: "btn second", type: "button", "data-action": "copy", onclick: act, "aria-live": "polite" }, icon("copy", { size: 18 }), words),
    field,
  );
}

function dot() {
  return s("svg", { width: 10, height: 10, "aria-hidden": "true" }, s("circle", { cx: 5, cy: 5, r: 5, fill: "currentColor" }));
}

/**
 * @param {string} name
 * @param {"warn" | "bad" | "muted"} tone
 */
function disc(name, tone) {
  return h("div", { class: `big disc ${tone}` }, icon(name, { size: 56, stroke: 1.6 }));
}

/**
 * The phone with a line for each step, as many of them ticked as have passed.
 * @param {number} passed
 * @param {number} all
 */
function phonePicture(passed, all) {
  const apart = Math.min(24, 72 / all); // 72 px are there for all lines
  const line = Array.from({ length: all }, (_, place) => {
    const y = 42 + place * apart;
    const height = apart - 4;
    const done = place < passed;
    return [
      s("rect", { x: 30, y, width: 60, height, rx: 5, fill: `var(--${done ? "success" : "accent"}-tint)` }),
      done ? s("path", { d: `M37 ${y + height / 2}l4 4 7-8`, fill: "none", stroke: "var(--success)", "stroke-width": 3, "stroke-linecap": "round", "stroke-linejoin": "round" }) : null,
    ];
  });
  return s(
    "svg",
    { class: "phone", width: 120, height: 168, viewBox: "0 0 120 168", "aria-hidden": "true" },
    s("rect", { x: 22, y: 4, width: 76, height: 160, rx: 16, fill: "var(--card)", stroke: "var(--edge)", "stroke-width": 3 }),
    s("rect", { x: 30, y: 24, width: 60, height: 8, rx: 4, fill: "var(--sunk)" }),
    line.flat(),
    s("rect", { x: 30, y: 114, width: 60, height: 14, rx: 5, fill: "var(--sunk)" }),
    s("rect", { x: 30, y: 138, width: 60, height: 12, rx: 6, fill: "var(--accent-fill)" }),
  );
}
