/**
 * 修改: a field is corrected by hand. The reading stays beside it, and a person looks at it.
 */
import { post } from "../../shared/api.js";
import { h } from "../../shared/dom.js";
import { actions, alternative, button, head, main, topLine } from "../layout.js";
import { strip } from "../strip.js";
import { fieldName, stepName, w } from "../words.js";

/**
 * @param {import("../app.js").App} app
 * @param {string} stepOf
 * @param {string} slotName
 * @returns {import("../types.js").Screen}
 */
export function editScreen(app, stepOf, slotName) {
  const step = app.step(stepOf);
  const slot = step?.slots.find((each) => each.name === slotName);
  const fields = slot?.upload?.result?.fields.filter((field) => field.editable) ?? [];
  const field = fields.find((each) => each.name === app.editing) ?? fields.find((each) => each.agrees === false) ?? fields[0];
  const upload = slot?.upload;
  if (!step || !slot || !field || !upload) throw new Error("nothing to edit");
  const name = fieldName(field.name, slot.kind);
  const isNumber = field.name === "number";
  const missing = h("p", { class: "small bad", role: "alert" });
  const input = h("input", {
    type: "text",
    class: isNumber ? "field-input mono" : "field-input",
    "aria-label": name,
    name: field.name,
    autocomplete: "off",
    autocapitalize: isNumber ? "characters" : "off",
    spellcheck: "false",
    maxlength: isNumber ? 18 : 120,
    enterkeyhint: "done",
  });
  input.value = field.edited ?? field.value ?? "";
  input.addEventListener("input", () => {
    missing.textContent = "";
    if (isNumber) input.value = input.value.toUpperCase().replace(/\s/g, "");
  });
  const back = () => app.go(`${stepOf}/${slotName}`, { replace: true });
  const save = button(w("fields.save"), submit, { action: "save-edit" });
  async function submit() {
    const value = input.value.trim();
    if (!value) {
      missing.textContent = w("fields.empty");
      input.focus();
      return;
    }
    save.textContent = w("fields.saving");
    await app.attempt(async () => {
      const state = await post(`/m/api/steps/${stepOf}/fields`, { slot: slotName, fields: { [field?.name ?? ""]: value } });
      back();
      await app.take(state);
      app.render(true);
    });
    save.textContent = w("fields.save");
  }
  const form = h("form", { class: "col gap", novalidate: true }, h("label", { class: "col gap-small" }, h("span", { class: "small muted" }, name), input), missing);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit();
  });
  return {
    name: "edit",
    title: w("fields.edit_of", { field: name }),
    step: stepOf,
    parts: [
      main(
        "tight",
        topLine({ back, where: stepName(step, app.state) }),
        head(w("fields.edit_of", { field: name }), w("fields.edit_lead")),
        strip(upload.id, field, slot.kind),
        form,
        h("p", { class: "note warn" }, w("fields.edited_note")),
      ),
      actions([save, alternative(w("app.cancel"), back, "cancel")]),
    ],
    update: () => true,
  };
}
