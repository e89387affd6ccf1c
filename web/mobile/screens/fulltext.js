/**
 * The whole of what is processed, why and how long, in plain words.
 */
import { h } from "../../shared/dom.js";
import { actions, button, head, main, topLine } from "../layout.js";
import { unbroken, w } from "../words.js";

const PARTS = ["who", "why", "what", "face", "long", "rights"];

/**
 * @param {import("../app.js").App} app
 * @returns {import("../types.js").Screen}
 */
export function fullTextScreen(app) {
  const { provider, consent } = app.state;
  const values = { provider: provider.name, media: consent.retention_days.media, record: consent.retention_days.record };
  return {
    name: "text",
    title: w("fulltext.title"),
    parts: [
      main(
        "",
        topLine({ back: () => app.back() }),
        head(w("fulltext.title")),
        h(
          "div",
          { class: "card pad prose" },
          PARTS.map((part) => [h("h2", {}, w(`fulltext.${part}_t`)), h("p", {}, w(`fulltext.${part}`, values))]).flat(),
          h("h2", {}, w("fulltext.contact_t")),
          h("p", {}, provider.hotline ? w("fulltext.contact_hotline", { ...values, hotline: unbroken(provider.hotline) }) : w("fulltext.contact", values)),
        ),
      ),
      actions([button(w("fulltext.back"), () => app.back(), { second: true, action: "back" })]),
    ],
    update: () => true,
  };
}
