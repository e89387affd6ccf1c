/**
 * The link was opened, but not yet redeemed: link previews open addresses too, so only a tap spends it.
 */
import { Problem, post } from "../../shared/api.js";
import { h } from "../../shared/dom.js";
import { locale } from "../../shared/i18n.js";
import { icon } from "../../shared/icons.js";
import { browserName, deviceKind } from "../device.js";
import { actions, button, head, main } from "../layout.js";
import { w } from "../words.js";

/**
 * @param {import("../app.js").App} app
 * @param {string} token
 * @returns {import("../types.js").Screen}
 */
export function openScreen(app, token) {
  let busy = false;
  async function redeem() {
    if (busy) return;
    busy = true;
    const device = { kind: deviceKind(), browser: browserName() };
    await app.attempt(async () => {
      let state;
      try {
        state = await post("/m/api/redeem", { token, device });
        if (state.session.locale !== locale()) state = await post("/m/api/locale", { locale: locale() });
      } catch (error) {
        // This very phone may have opened it already: then its session goes on.
        if (!(error instanceof Problem) || !["link_already_used", "link_expired"].includes(error.code)) throw error;
        history.replaceState(null, "", "#/");
        await app.refresh().catch(() => {
          throw error;
        });
        return;
      }
      history.replaceState(null, "", "#/");
      await app.take(state);
    });
    busy = false;
  }
  const things = /** @type {const} */ ([
    ["licence", "open.card"],
    ["wall", "open.wall"],
    ["phone", "open.phone"],
  ]);
  const other = locale() === "zh-CN" ? "en" : "zh-CN";
  return {
    name: "open",
    title: w("open.title"),
    parts: [
      main(
        "roomy",
        h(
          "div",
          { class: "language" },
          h(
            "button",
            {
              type: "button",
              class: "alt",
              lang: other,
              "data-action": "language",
              onclick: async () => {
                await app.speak(other);
                app.show(openScreen(app, token));
              },
            },
            w("app.language"),
          ),
        ),
        head(w("open.title"), w("open.lead")),
        h(
          "ul",
          { class: "card cells" },
          things.map(([picture, key]) =>
            h(
              "li",
              {},
              icon(picture, { class: "muted" }),
              h("div", { class: "grow" }, h("div", { class: "medium" }, w(key)), h("div", { class: "small muted" }, w(`${key}_why`))),
            ),
          ),
        ),
        h("p", { class: "small muted centre" }, w("open.kept")),
      ),
      actions([button(w("open.start"), redeem, { action: "redeem" })]),
    ],
  };
}
