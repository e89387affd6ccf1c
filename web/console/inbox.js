/**
 * The development inbox: what would have been sent by SMS. The service has none where real messages leave.
 */
import { fill, h } from "../shared/dom.js";
import { inbox } from "./service.js";
import { dayAndTime, t } from "./words.js";

const READ_EVERY_MS = 3_000;

/**
 * @param {import("./app.js").Screen} screen
 * @returns {Promise<() => void>} ends the reading
 */
export async function showInbox({ place }) {
  let shown = "";
  document.title = t("inbox.title");
  const list = h("section", { class: "card clip", "data-page": "inbox" });
  fill(
    place,
    h(
      "div",
      { class: "page" },
      h("div", { class: "row between top" }, h("h1", { tabindex: "-1" }, t("inbox.title"))),
      h("p", { class: "muted" }, t("inbox.note")),
      list,
    ),
  );

  async function read() {
    const { messages } = await inbox();
    // What did not change keeps its selection: codes are copied from here.
    if (JSON.stringify(messages) === shown) return;
    shown = JSON.stringify(messages);
    if (messages.length === 0) return fill(list, h("div", { class: "empty" }, h("h2", {}, t("inbox.none"))));
    const heads = ["at", "mobile", "text"].map((name) => h("th", { class: name === "text" ? "message" : "" }, t(`inbox.head.${name}`)));
    const rows = messages.map(({ at, mobile, text }) =>
      h("tr", {}, h("td", { class: "nowrap" }, dayAndTime(at)), h("td", { class: "mono" }, mobile), h("td", { class: "message" }, text)),
    );
    return fill(list, h("table", { class: "tb" }, h("thead", {}, h("tr", {}, heads)), h("tbody", {}, rows)));
  }

  await read();
  const timer = setInterval(() => void read().catch(() => undefined), READ_EVERY_MS);
  return () => clearInterval(timer);
}
