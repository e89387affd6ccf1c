/**
 * The login screen.
 */
import { Problem } from "../shared/api.js";
import { h } from "../shared/dom.js";
import { stateMark } from "../shared/icons.js";
import { logo } from "./rail.js";
import { logIn } from "./service.js";
import { t } from "./words.js";

/**
 * @param {() => Promise<void>} entered
 */
export function showLogin(entered) {
  const wrong = h("p", { class: "wrong bad", role: "alert", hidden: true });
  const name = h("input", { id: "name", autocomplete: "username", required: true, maxlength: 64, autofocus: true });
  const password = h("input", { id: "password", type: "password", autocomplete: "current-password", required: true, maxlength: 256 });
  const button = h("button", { class: "btn", type: "submit" }, t("login.enter"));

  /** @param {SubmitEvent} event */
  const submit = async (event) => {
    event.preventDefault();
    button.disabled = true;
    wrong.hidden = true;
    try {
      await logIn(name.value.trim(), password.value);
      await entered();
    } catch (error) {
      const status = error instanceof Problem ? error.status : 0;
      const words = status === 429 ? t("login.too_many") : status === 401 || status === 403 || status === 422 ? t("login.wrong") : t("away");
      wrong.replaceChildren(stateMark("redo", 16), words);
      wrong.hidden = false;
      password.select();
    } finally {
      button.disabled = false;
    }
  };
  return h(
    "main",
    { class: "login", "data-page": "login" },
    h(
      "form",
      { class: "card", onsubmit: submit },
      logo(40),
      h("h1", {}, t("login.title")),
      h("label", { for: "name" }, t("login.name")),
      h("span", { class: "inp" }, name),
      h("label", { for: "password" }, t("login.password")),
      h("span", { class: "inp" }, password),
      wrong,
      button,
      h("p", { class: "muted" }, t("login.note")),
    ),
  );
}
