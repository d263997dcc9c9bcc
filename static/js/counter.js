/* The counter: Ctrl+Enter saves from anywhere, and a form is sent once however often the button is hit. */
document.querySelectorAll("form[data-once]").forEach((form) => {
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => delete form.dataset.sent);
  const first = form.querySelector("[autofocus], input:not([type=hidden]):not([type=checkbox])");
  if (first && !document.querySelector("[aria-invalid]")) first.focus();
});
