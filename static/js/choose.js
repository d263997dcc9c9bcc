/* Adds up what is ticked, beside what it has to come to. Without JavaScript the server says whether it does. */
"use strict";

document.querySelectorAll("[data-sum-target]").forEach((form) => {
  const words = form.querySelector("[data-sum-words]");
  const yuan = (fen) => (fen / 100).toLocaleString("zh-CN", { minimumFractionDigits: 2 });
  const show = () => {
    const chosen = [...form.querySelectorAll("[data-fen]:checked")].reduce((sum, one) => sum + Number(one.dataset.fen), 0);
    const rest = Number(form.dataset.sumTarget) - chosen;
    words.textContent = words.dataset.sumWords.replace("{chosen}", yuan(chosen)).replace("{rest}", yuan(rest));
    words.hidden = false;
  };
  form.addEventListener("change", show);
  show();
});
