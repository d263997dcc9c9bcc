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
  // Below what is to be read first, a form waits until it is wanted.
  if (first && form.dataset.once !== "quiet" && !document.querySelector("[aria-invalid]")) first.focus();
});

/* Only what belongs to the chosen form of gift is shown; what is hidden is left out of the order of the keys. */
document.querySelectorAll("select[name=form]").forEach((chosen) => {
  const groups = document.querySelectorAll("[data-form]");
  const show = () =>
    groups.forEach((group) => {
      group.hidden = !group.dataset.form.split(" ").includes(chosen.value);
    });
  chosen.addEventListener("change", show);
  window.addEventListener("pageshow", show);
  show();
});

/* One line to begin with; the spare ones come one by one, and only then the page is asked for more. */
document.querySelectorAll("[data-item-lines]").forEach((list) => {
  const lines = [...list.querySelectorAll("[data-item-line]")];
  const used = (line) =>
    [...line.querySelectorAll("input")].some((box) => box.value) || line.querySelector("[aria-invalid]");
  lines.slice(1).forEach((line) => {
    line.hidden = !used(line);
  });
  const button = document.querySelector("[data-add-line]");
  button?.addEventListener("click", (event) => {
    const next = lines.find((line) => line.hidden);
    if (!next) return;
    event.preventDefault();
    next.hidden = false;
    next.querySelector("input").focus();
  });
});
