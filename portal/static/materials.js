// @ts-check
// A chosen file is sent at once; a paper that is being judged is looked after.

for (const field of document.querySelectorAll("input[type=file]")) {
  field.addEventListener("change", () => /** @type {HTMLInputElement} */ (field).form?.requestSubmit());
}

// A paper that is being judged: look again in a moment.
if (document.querySelector("[data-judging]")) setTimeout(() => location.reload(), 3000);
