/* The grid of a paper list: cells pasted from a spreadsheet go into rows, and the sum is kept while typing. */
document.querySelectorAll("form[data-grid]").forEach((form) => {
  const total = form.querySelector("[data-grid-total]");
  const amounts = () => [...form.querySelectorAll("input[name$=-amount]")];
  const add = () => {
    const fen = amounts().reduce((sum, box) => {
      const plain = box.value.normalize("NFKC").replace(/,/g, "").trim();
      return /^\d+(\.\d{0,2})?$/.test(plain) ? sum + Math.round(Number(plain) * 100) : sum;
    }, 0);
    total.textContent = (fen / 100).toLocaleString("zh-CN", { minimumFractionDigits: 2 });
  };
  form.addEventListener("input", add);
  form.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain");
    if (event.target.name === "pasted" || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    form.elements.pasted.value = text;
    form.querySelector("[data-fill]").click();
  });
  add();
});
