/**
 * Screen 1: what is collected, why, how long; two boxes that nobody ticks beforehand. Refusing is a way on.
 */
import { post } from "../../shared/api.js";
import { h, s } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { actions, alternative, button, head, main } from "../layout.js";
import { w } from "../words.js";

const COLLECTED = /** @type {const} */ ([
  ["phone", "consent.mobile"],
  ["card", "consent.document"],
  ["face", "consent.face"],
  ["form", "consent.form"],
]);

/** What was ticked stays ticked while the full text is read. */
const ticked = { processing: false, face: false };

/**
 * @param {import("../app.js").App} app
 * @returns {import("../types.js").Screen}
 */
export function consentScreen(app) {
  const { provider, subject, consent } = app.state;
  const missing = h("p", { class: "missing small bad", role: "status", "aria-live": "polite" });
  const boxes = /** @type {const} */ (["processing", "face"]).map((name) => {
    const input = h("input", { type: "checkbox", class: "sr-box", name, checked: ticked[name], "data-consent": name });
    input.addEventListener("change", () => {
      ticked[name] = input.checked;
      missing.textContent = "";
    });
    return input;
  });
  async function agree() {
    const first = boxes.find((box) => !box.checked);
    if (first) {
      missing.textContent = w("consent.missing", { count: boxes.filter((box) => !box.checked).length });
      first.focus();
      for (const box of boxes) box.closest("label")?.classList.toggle("wanted", !box.checked);
      return;
    }
    await app.attempt(async () => {
      await app.take(await post("/m/api/consent", { processing: true, face: true, version: consent.version }));
    });
  }
  return {
    name: "consent",
    title: w("consent.title"),
    step: "consent",
    parts: [
      main(
        "consent tight",
        head(w("consent.title"), [
          `${subject.name} · ${w("consent.purpose")}`,
          h("br"),
          w("consent.lead", { provider: provider.name }),
        ]),
        h(
          "ul",
          { class: "card cells" },
          COLLECTED.map(([picture, key]) =>
            h(
              "li",
              {},
              icon(picture, { class: "muted" }),
              h("div", { class: "grow" }, h("div", { class: "medium" }, w(key === "consent.form" && subject.kind === "individual" ? "consent.form_person" : key)), h("div", { class: "small muted" }, w(`${key}_why`))),
            ),
          ),
        ),
        h(
          "button",
          { type: "button", class: "note row textlink", "data-action": "full-text", onclick: () => app.go("text") },
          icon("shield", { class: "ok" }),
          h(
            "span",
            { class: "grow" },
            w("consent.where", { provider: provider.name }),
            h("br"),
            w("consent.kept", { days: consent.retention_days.media }),
            " ",
            h("span", { class: "acc nowrap" }, w("consent.full")),
          ),
          icon("next", { size: 18, class: "muted" }),
        ),
        h(
          "div",
          { class: "ticks" },
          boxes.map((box) =>
            h(
              "label",
              { class: "tickrow" },
              box,
              h("span", { class: "box", "aria-hidden": "true" }, tickGlyph()),
              h("span", { class: "grow" }, w(`consent.agree_${box.name}`)),
            ),
          ),
          missing,
        ),
      ),
      actions(
        [
          button(w("consent.start"), agree, { action: "agree" }),
          alternative(w("consent.decline"), () => app.go("decline"), "decline"),
        ],
        "line",
      ),
    ],
    update: (state) => !state.consent.given && !state.consent.declined,
  };
}

const tickGlyph = () =>
  s(
    "svg",
    { viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": 2.6, "stroke-linecap": "round", "stroke-linejoin": "round" },
    s("path", { d: "M5 12.5l4.6 4.6L19 7.5" }),
  );
