// @ts-check
// A chosen file is sent at once.

for (const field of document.querySelectorAll("input[type=file]")) {
  field.addEventListener("change", () => /** @type {HTMLInputElement} */ (field).form?.requestSubmit());
}
