/* Known donors are offered while a name is typed: arrows choose, Enter takes, Escape leaves what was typed. */
document.querySelectorAll("[data-donor-search]").forEach((place) => {
  const box = place.querySelector("input[role=combobox]");
  const list = place.querySelector("[role=listbox]");
  const said = place.querySelector("[data-donor-said]");
  const form = box.form;
  const chosen = form.elements.donor_id;
  let asked = null;
  let waiting = null;
  let active = -1;

  const options = () => [...list.children];
  const close = () => {
    list.hidden = true;
    active = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  };
  const mark = (index) => {
    const all = options();
    if (!all.length) return;
    active = (index + all.length) % all.length;
    all.forEach((one, at) => one.setAttribute("aria-selected", String(at === active)));
    box.setAttribute("aria-activedescendant", all[active].id);
    all[active].scrollIntoView({ block: "nearest" });
  };
  const take = (option) => {
    box.value = option.dataset.name;
    chosen.value = option.dataset.donor;
    form.elements.donor_kind.value = option.dataset.kind;
    close();
  };
  const show = (donors) => {
    list.replaceChildren(
      ...donors.map((donor, at) => {
        const option = document.createElement("li");
        option.id = `donor-match-${at}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        Object.assign(option.dataset, { donor: donor.id, name: donor.name, kind: donor.kind });
        const details = document.createElement("span");
        details.className = "soft";
        details.textContent = [donor.kind_label, donor.phone].filter(Boolean).join(" ");
        option.append(donor.name, " ", details);
        return option;
      }),
    );
    active = -1;
    list.hidden = !donors.length;
    box.setAttribute("aria-expanded", String(Boolean(donors.length)));
    said.textContent = donors.length ? place.dataset.some.replace("{count}", donors.length) : place.dataset.none;
  };
  const ask = async () => {
    asked?.abort();
    const text = box.value.trim();
    if (!text) return close();
    asked = new AbortController();
    const query = new URLSearchParams({ q: text, fund: form.elements.fund.value });
    try {
      const answer = await fetch(`${place.dataset.donorSearch}?${query}`, { signal: asked.signal });
      if (answer.ok && document.activeElement === box) show((await answer.json()).donors);
    } catch {
      close(); // no network: the name as typed will do
    }
  };

  box.addEventListener("input", () => {
    chosen.value = "";
    clearTimeout(waiting);
    waiting = setTimeout(ask, 120);
  });
  box.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(active + (event.key === "ArrowDown" ? 1 : active < 0 ? 0 : -1));
    } else if (event.key === "Enter" && active >= 0 && !event.ctrlKey) {
      event.preventDefault();
      take(options()[active]);
    } else if (event.key === "Escape") {
      close();
    }
  });
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    event.preventDefault();
    take(option);
  });
  box.addEventListener("blur", () => {
    clearTimeout(waiting);
    asked?.abort();
    close();
  });
});
