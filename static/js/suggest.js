/* Offers names while somebody types into a search box. Without JavaScript the search works as it is. */
"use strict";

document.querySelectorAll("[data-suggest]").forEach((box) => {
  const names = document.getElementById(box.getAttribute("list"));
  let waiting;
  const ask = async () => {
    const typed = box.value.trim();
    if (!typed || typed.length > 40) {
      names.replaceChildren();
      return;
    }
    const answer = await fetch(`${box.dataset.suggest}?q=${encodeURIComponent(typed)}`).catch(() => null);
    if (!answer?.ok || box.value.trim() !== typed) return;
    const found = await answer.json();
    names.replaceChildren(...found.names.map((name) => new Option(name, name)));
  };
  box.addEventListener("input", (event) => {
    clearTimeout(waiting);
    if (!event.isComposing) waiting = setTimeout(ask, 200);
  });
  box.addEventListener("compositionend", () => {
    waiting = setTimeout(ask, 200);
  });
});
