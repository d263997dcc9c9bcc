/* Black boxes over a picture, by mouse, finger or keyboard. The text area holds them, a line a box, in per cent; without
   a script they are typed there. Nothing is blacked out here: the server burns the boxes into the pixels. */
document.querySelectorAll("form[data-redact]").forEach((form) => {
  const lines = form.querySelector("[name=boxes]");
  const stage = form.querySelector("[data-redact-stage]");
  const pages = [...stage.querySelectorAll("[data-page]")];
  const count = form.querySelector("[data-redact-count]");
  const past = [];
  let boxes = [];
  let zoom = 1;
  let panning = false;

  const round = (part) => Math.round(part * 100) / 100;
  const clamp = (part, least, most) => Math.min(Math.max(part, least), most);
  const say = (words, page, number) => words.replace("PAGE", page).replace("NUMBER", number);
  const tool = (name) => form.querySelector(`[data-tool=${name}]`);

  const fit = (box) => {
    box.width = clamp(round(box.width), 0.5, 100);
    box.height = clamp(round(box.height), 0.5, 100);
    box.left = clamp(round(box.left), 0, round(100 - box.width));
    box.top = clamp(round(box.top), 0, round(100 - box.height));
  };
  const read = () => {
    boxes = lines.value.split("\n").map((line) => line.trim().split(/[\s,，;；%]+/).map(Number))
      .filter((parts) => parts.length === 5 && parts.every(Number.isFinite) && pages[parts[0] - 1])
      .map(([page, left, top, width, height]) => ({ page, left, top, width, height }));
  };
  const write = () => {
    lines.value = boxes.map((box) => [box.page, box.left, box.top, box.width, box.height].join(" ")).join("\n");
  };
  const remember = () => past.push(lines.value);

  const place = (box) => {
    for (const side of ["left", "top", "width", "height"]) box.node.style[side] = `${box[side]}%`;
  };
  const draw = (focused) => {
    stage.querySelectorAll(".redact-box").forEach((node) => node.remove());
    boxes.forEach((box, index) => {
      const node = document.createElement("div");
      node.className = "redact-box";
      node.tabIndex = 0;
      node.setAttribute("role", "group");
      node.setAttribute("aria-label", say(form.dataset.wordBox, box.page, index + 1));
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "redact-remove";
      remove.textContent = "×";
      remove.setAttribute("aria-label", form.dataset.wordRemove);
      remove.addEventListener("click", () => drop(box));
      const corner = document.createElement("span");
      corner.className = "redact-corner";
      node.append(remove, corner);
      box.node = node;
      place(box);
      pages[box.page - 1].append(node);
    });
    count.textContent = say(form.dataset.wordCount, "", boxes.length);
    tool("undo").disabled = !past.length;
    if (focused) focused.node.focus();
  };
  const settle = (focused) => {
    write();
    draw(focused);
  };
  const drop = (box) => {
    remember();
    const at = boxes.indexOf(box);
    boxes.splice(at, 1);
    settle(boxes[Math.min(at, boxes.length - 1)]);
  };
  const undo = () => {
    if (!past.length) return;
    lines.value = past.pop();
    read();
    draw();
  };
  const add = () => {
    const middle = stage.getBoundingClientRect().top + stage.clientHeight / 2;
    const page = pages.find((one) => one.getBoundingClientRect().bottom > middle) || pages[0];
    remember();
    boxes.push({ page: Number(page.dataset.page), left: 40, top: 45, width: 20, height: 8 });
    settle(boxes[boxes.length - 1]);
  };

  /* Pointer: on a box it moves or resizes, elsewhere it draws a new one. */
  stage.addEventListener("pointerdown", (event) => {
    const page = event.target.closest("[data-page]");
    if (panning || !page || event.button || event.target.closest(".redact-remove")) return;
    event.preventDefault();
    const area = page.getBoundingClientRect();
    const at = (moved) => [((moved.clientX - area.left) / area.width) * 100, ((moved.clientY - area.top) / area.height) * 100];
    const [x, y] = at(event);
    const touched = boxes.find((box) => box.node === event.target.closest(".redact-box"));
    const before = touched && { ...touched };
    const kept = lines.value;
    const box = touched || { page: Number(page.dataset.page), left: x, top: y, width: 0, height: 0 };
    const resizes = event.target.classList.contains("redact-corner");
    if (!touched) {
      boxes.push(box);
      draw(box);
    } else {
      touched.node.focus();
    }
    const move = (moved) => {
      const [nowX, nowY] = at(moved).map((part) => clamp(part, 0, 100));
      if (resizes) Object.assign(box, { width: before.width + nowX - x, height: before.height + nowY - y });
      else if (touched) Object.assign(box, { left: before.left + nowX - x, top: before.top + nowY - y });
      else Object.assign(box, { left: Math.min(x, nowX), top: Math.min(y, nowY), width: Math.abs(nowX - x), height: Math.abs(nowY - y) });
      place(box);
    };
    const end = (ended) => {
      stage.removeEventListener("pointermove", move);
      stage.removeEventListener("pointerup", end);
      stage.removeEventListener("pointercancel", end);
      if (ended.type === "pointercancel") {
        read();
        draw();
        return;
      }
      move(ended);
      /* A tap is no box. */
      if (!touched && (box.width < 0.5 || box.height < 0.5)) boxes.pop();
      else fit(box);
      write();
      if (lines.value !== kept) past.push(kept);
      draw(boxes.includes(box) ? box : undefined);
    };
    stage.setPointerCapture(event.pointerId);
    stage.addEventListener("pointermove", move);
    stage.addEventListener("pointerup", end);
    stage.addEventListener("pointercancel", end);
  });

  form.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !event.target.matches("input, textarea")) {
      event.preventDefault();
      undo();
      return;
    }
    const box = boxes.find((one) => one.node === event.target);
    const step = { ArrowLeft: [-0.5, 0], ArrowRight: [0.5, 0], ArrowUp: [0, -0.5], ArrowDown: [0, 0.5] }[event.key];
    if (!box || !(step || event.key === "Delete" || event.key === "Backspace")) return;
    event.preventDefault();
    if (!step) {
      drop(box);
      return;
    }
    remember();
    const [across, down] = event.shiftKey ? ["width", "height"] : ["left", "top"];
    box[across] += step[0];
    box[down] += step[1];
    fit(box);
    settle(box);
  });

  const scale = (factor) => {
    zoom = clamp(zoom * factor, 1, 4);
    stage.style.setProperty("--zoom", zoom);
  };
  tool("add").addEventListener("click", add);
  tool("undo").addEventListener("click", undo);
  tool("larger").addEventListener("click", () => scale(1.5));
  tool("smaller").addEventListener("click", () => scale(1 / 1.5));
  tool("pan").addEventListener("click", () => {
    panning = !panning;
    tool("pan").setAttribute("aria-pressed", panning);
    stage.classList.toggle("redact-panning", panning);
  });
  lines.addEventListener("change", () => {
    read();
    draw();
  });
  form.querySelectorAll("[data-redact-tools], [data-redact-help]").forEach((one) => { one.hidden = false; });
  form.querySelector("[data-redact-numbers]").open = Boolean(form.querySelector("[name=boxes][aria-invalid]"));
  stage.classList.add("redact-ready");
  read();
  draw();
});

/* Said before a long upload, not after it: too much at once. */
document.querySelectorAll("[data-evidence-upload] input[type=file]").forEach((input) => {
  input.addEventListener("change", () => {
    const size = [...input.files].reduce((sum, file) => sum + file.size, 0);
    input.setCustomValidity(size > Number(input.dataset.mostBytes) ? input.dataset.tooMuch : "");
    input.reportValidity();
  });
  input.form.addEventListener("submit", (event) => {
    if (input.validity.customError) {
      event.preventDefault();
      event.stopImmediatePropagation();
      input.reportValidity();
    }
  }, true);
});
