/* Saying what columns hold: each change shows at once what is recognised; without a script there is a button for it. */
document.querySelectorAll("form[data-layout]").forEach((form) => {
  form.querySelector("[data-preview]").hidden = true;
  let asked = 0;
  form.addEventListener("change", async (event) => {
    const turn = ++asked;
    const data = new FormData(form);
    data.set("action", "preview");
    // Another header has other columns: what they hold is guessed anew, so nobody says it of the old ones meanwhile.
    const columns = event.target.name.startsWith("role-") ? [] : [...form.querySelectorAll("[name^=role-]")];
    columns.forEach((one) => { one.disabled = true; });
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body: data, credentials: "same-origin" }).catch(() => null);
    if (!answer || !answer.ok) columns.forEach((one) => { one.disabled = false; });
    if (!answer || !answer.ok || turn !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("layout-body");
    if (!fresh) return;
    const id = event.target.id;
    document.getElementById("layout-body").replaceWith(fresh);
    if (id) document.getElementById(id)?.focus();
  });
});
