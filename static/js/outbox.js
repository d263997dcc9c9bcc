/* The counter keeps what was typed when the network drops, and sends it once.

   Each form carries a key that the server answers the same way however often it comes, so sending again is safe. What
   was handed in stays in this browser until the next sheet says that it arrived (`logged` in its address). */
(() => {
  const form = document.querySelector("form[data-outbox]");
  if (!form) return;
  const place = `outbox-${form.dataset.outbox}`;
  const said = document.querySelector("[data-outbox-status]");
  const read = () => JSON.parse(localStorage.getItem(place) || "[]");
  const write = (sheets) => localStorage.setItem(place, JSON.stringify(sheets));
  const without = (key) => write(read().filter((sheet) => sheet.key !== key));
  const say = (words, count) => {
    said.hidden = !words;
    said.textContent = (words || "").replace("{count}", count);
  };
  const keyField = form.elements.idempotency_key;
  const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  const keep = () => {
    const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string");
    write([...read().filter((sheet) => sheet.key !== keyField.value), { key: keyField.value, fields }]);
  };

  const send = async (sheet) => {
    const body = new URLSearchParams(sheet.fields);
    body.set("csrf_token", form.elements.csrf_token.value);
    const answer = await fetch(form.dataset.address, { method: "POST", body, credentials: "same-origin" });
    if (answer.ok && answer.redirected && !new URL(answer.url).pathname.endsWith("/login")) {
      without(sheet.key);
      return "sent";
    }
    return answer.status === 422 || answer.status === 409 ? "refused" : "waits";
  };

  /* A sheet that the server refused goes back into the empty form, to be mended by whoever typed it. */
  const putBack = (sheet) => {
    if (form.elements.amount.value) return;
    for (const [name, value] of sheet.fields) {
      const field = form.elements[name];
      if (!field || name === "csrf_token") continue;
      if (field.type === "checkbox") field.checked = true;
      else field.value = value;
    }
    without(sheet.key);
  };

  const flush = async () => {
    const sheets = read();
    if (!sheets.length || !navigator.onLine) return;
    const results = [];
    for (const sheet of sheets) {
      try {
        results.push(await send(sheet));
      } catch {
        results.push("waits");
      }
    }
    const count = (what) => results.filter((one) => one === what).length;
    const refused = sheets.filter((_, number) => results[number] === "refused");
    if (refused.length) {
      putBack(refused[0]);
      say(form.dataset.refused, refused.length);
    }
    else if (count("waits")) say(form.dataset.waits, count("waits"));
    else say(form.dataset.sentLater, count("sent"));
  };
  const takeTurns = () =>
    navigator.locks ? navigator.locks.request(place, flush) : flush();

  form.addEventListener("submit", (event) => {
    if (event.submitter?.name === "add_line") return;
    keep();
    if (navigator.onLine) return;
    event.preventDefault();
    delete form.dataset.sent;
    for (const name of ["amount", "donor_name", "external_ref", "remark"]) form.elements[name].value = "";
    keyField.value = newKey();
    form.elements.amount.focus();
    say(form.dataset.offline, read().length);
  });

  // What came back with errors is on this very page to be mended, and what arrived is named in the address.
  without(new URLSearchParams(location.search).get("logged"));
  without(keyField.value);
  window.addEventListener("online", takeTurns);
  takeTurns();
})();
