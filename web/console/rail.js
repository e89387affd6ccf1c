/**
 * The rail at the left.
 */
import { h, s } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { t } from "./words.js";

/** @param {number} size in px */
export function logo(size) {
  return s(
    "svg",
    { width: size, height: size, viewBox: "0 0 28 28", "aria-hidden": "true" },
    s("rect", { width: 28, height: 28, rx: 8, fill: "var(--accent-fill)" }),
    s("path", { d: "M8.5 18.5h11a4 4 0 0 0 .6-7.95A6 6 0 0 0 8.6 11.2a3.7 3.7 0 0 0-.1 7.3z", fill: "var(--on-accent)" }),
  );
}

/**
 * @param {{page: string, waiting: number, inbox: boolean, operator: string, leave: () => void, changeLocale: () => void}} shown
 */
export function rail({ page, waiting, inbox, operator, leave, changeLocale }) {
  const items = [
    { name: "queue", on: page === "queue" || page === "cases" || page === "", drawn: "inbox", count: waiting },
    { name: "sessions", on: page === "sessions", drawn: "queue", count: 0 },
    ...(inbox ? [{ name: "inbox", on: page === "inbox", drawn: "phone", count: 0 }] : []),
  ];
  return h(
    "nav",
    { class: "rail", "aria-label": t("rail.label") },
    h("span", { class: "logo" }, logo(28)),
    items.map(({ name, on, drawn, count }) =>
      h(
        "a",
        { class: on ? "on" : "", href: `#/${name}`, "aria-current": on ? "page" : null, "data-rail": name },
        icon(drawn),
        t(`rail.${name}`),
        count > 0 ? h("span", { class: "n", "data-count": count }, count) : null,
      ),
    ),
    h("span", { class: "grow" }),
    h("button", { type: "button", "data-action": "locale", onclick: changeLocale, lang: t("rail.other_lang") }, t("rail.other")),
    h("button", { type: "button", "data-action": "logout", onclick: leave }, icon("person"), h("span", { class: "who" }, operator), h("span", { class: "muted" }, t("rail.leave"))),
  );
}
