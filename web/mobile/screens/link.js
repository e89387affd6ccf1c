/**
 * Screen 0: a link that leads nowhere any more: one picture, one sentence, one way on.
 */
import { h } from "../../shared/dom.js";
import { reasonWords } from "../../shared/i18n.js";
import { actions, callLink, head, main, numbered } from "../layout.js";
import { linkPicture } from "../drawings/marks.js";
import { unbroken, w } from "../words.js";

/** @type {Record<string, {title?: string, why: string, acts: string[]}>} */
const CASES = {
  link_expired: { why: "link.expired_why", acts: ["link.expired_1", "link.expired_2"] },
  link_already_used: { why: "link.used_why", acts: ["link.used_1", "link.used_2"] },
  session_expired: { why: "link.expired_session_why", acts: ["link.over_1", "link.over_2"] },
  session_canceled: { why: "link.canceled_why", acts: ["link.over_1", "link.over_2"] },
  none: { title: "link.none_title", why: "link.none_why", acts: ["link.none_1", "link.none_2"] },
};

/**
 * @param {string} code a reason code, or `none` where no session was ever opened here
 * @param {import("../types.js").State | null} state what was known of the session
 * @returns {import("../types.js").Screen}
 */
export function linkScreen(code, state) {
  const known = CASES[code] ?? /** @type {{title?: string, why: string, acts: string[]}} */ (CASES.none);
  const title = known.title ? w(known.title) : reasonWords(code).title;
  const hotline = state?.provider.hotline;
  const reference = state?.session.reference;
  const top = head(title, w(known.why));
  top.dataset.reason = code;
  return {
    name: "link",
    title,
    parts: [
      main("message", linkPicture(code), top, numbered(known.acts.map((act) => w(act)))),
      actions([
        hotline ? callLink(w("link.help", { hotline: unbroken(hotline) }), hotline) : null,
        reference ? h("p", { class: "ref" }, w("app.reference", { reference })) : null,
      ]),
    ],
  };
}
