/* Turns <table data-chart="line|bar" data-chart-title="…"> into a chart above the table. The numbers are the table's:
   a cell's data-value, or the value of its <data>, or its text. The first column names the points. A column with
   data-series="target" is drawn as the gold line, "skip" is left out; cells with data-mark keep their label where room
   is short. Colours: the first series river, the second grey and hatched. data-chart="flow" draws a Sankey: each row of
   the table is a stream from its first cell to its [data-name], in the stage that data-stage names.
   The drawing library is large, so it is fetched when the first chart comes near the screen; the room for each chart is
   kept from the start. Without this script, or without the library, the table says it all. */
(function () {
  "use strict";

  var source = document.currentScript.dataset.library;
  var library = null;

  function withLibrary() {
    library = library || new Promise(function (done, failed) {
      var script = document.createElement("script");
      script.src = source;
      script.onload = done;
      script.onerror = failed;
      document.head.append(script);
    });
    return library;
  }

  function token(name) {
    return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  }

  function number(cell) {
    if (!cell) return null;
    var data = cell.querySelector("data[value]");
    var text = cell.dataset.value || (data ? data.getAttribute("value") : cell.textContent);
    var plain = text.replace(/\u2212/g, "-").replace(/[,\s¥元%]/g, "");
    return plain !== "" && isFinite(plain) ? Number(plain) : null;
  }

  function read(table) {
    var heads = Array.from(table.tHead.rows[0].cells);
    var rows = Array.from(table.tBodies).flatMap(function (body) { return Array.from(body.rows); });
    var series = [];
    heads.forEach(function (head, column) {
      if (column === 0 || head.dataset.series === "skip") return;
      var values = rows.map(function (row) { return number(row.cells[column]); });
      if (values.every(function (value) { return value === null; })) return;
      series.push({
        name: head.textContent.trim(),
        target: head.dataset.series === "target",
        values: values,
        marked: rows.map(function (row) { return Boolean(row.cells[column] && row.cells[column].hasAttribute("data-mark")); })
      });
    });
    return { points: rows.map(function (row) { return row.cells[0].textContent.trim(); }), series: series };
  }

  function short(value) {
    var size = Math.abs(value);
    var chinese = document.documentElement.lang.indexOf("en") !== 0;
    var traditional = document.documentElement.lang.indexOf("Hant") > 0;
    var wan = traditional ? "萬" : "万";
    if (chinese && size >= 1e8) return +(value / 1e8).toPrecision(3) + " " + (traditional ? "億" : "亿");
    if (chinese && size >= 10000) return +(value / 10000).toPrecision(3) + " " + wan;
    if (size >= 1e6) return +(value / 1e6).toPrecision(3) + "M";
    return String(+value.toFixed(2)).replace(/\B(?=(\d{3})+(?!\d))/g, size >= 1000 && value % 1 === 0 ? "," : "");
  }

  /* A label on every point while there is room; otherwise on marked points, or the last and the largest. */
  function labelled(one, room) {
    var values = one.values;
    var there = values.map(function (value) { return value !== null; });
    if (there.filter(Boolean).length <= room) return there;
    if (one.marked.some(Boolean)) return one.marked;
    var largest = -1, last = -1;
    values.forEach(function (value, i) {
      if (value === null) return;
      if (largest < 0 || value > values[largest]) largest = i;
      last = i;
    });
    return values.map(function (value, i) { return i === largest || i === last; });
  }

  /* How many labels of this series fit side by side. */
  function roomFor(one, width, size) {
    var longest = Math.max.apply(null, one.values.map(function (value) { return value === null ? 1 : short(value).length; }));
    return Math.floor(width / (longest * size * 0.6 + size * 0.6));
  }

  function hatching() {
    return { symbol: "rect", color: token("ink-soft"), dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4 };
  }

  function describe(one, index, kind, width, size, beside) {
    var line = one.target || kind === "line";
    var colour = one.target ? token("gold") : token(index === 0 ? "river" : "grey-bar");
    var shown = labelled(one, roomFor(one, width, size));
    // Beside a target line the bars carry their numbers inside, so that the two never meet.
    var inside = !line && beside;
    var ink = token(inside && index === 0 ? "on-river" : one.target ? "ink-soft" : "ink");
    var last = one.values.reduce(function (found, value, i) { return value === null ? found : i; }, -1);
    return {
      name: one.name,
      type: line ? "line" : "bar",
      silent: true,
      animation: false,
      barMaxWidth: size * 3.2,
      symbol: "circle",
      symbolSize: 7,
      showAllSymbol: true,
      connectNulls: true,
      itemStyle: { color: colour, borderRadius: line ? 0 : [3, 3, 0, 0], decal: index === 1 && !line ? hatching() : null },
      lineStyle: { color: colour, width: one.target ? 3 : 2.5 },
      z: one.target ? 3 : 2,
      data: one.values.map(function (value, i) {
        if (value === null) return null;
        var words = (one.target && i === last ? one.name + " " : "") + short(value);
        return {
          value: value,
          label: { show: shown[i] || (one.target && i === last), position: inside ? "insideTop" : line && !one.target && beside ? "bottom" : "top", color: ink, fontSize: size, formatter: function () { return words; } }
        };
      })
    };
  }

  function key(series) {
    var list = document.createElement("ul");
    list.className = "chart-key";
    series.forEach(function (one) {
      var item = document.createElement("li");
      item.textContent = one.name;
      list.append(item);
    });
    return list;
  }

  /* The frame of a chart above its table: a title, and for screen readers where the numbers stand. */
  function frame(table, extra) {
    var figure = document.createElement("figure");
    var caption = document.createElement("figcaption");
    var box = document.createElement("div");
    if (!table.id) table.id = "chart-table-" + (document.querySelectorAll("figure.chart-figure").length + 1);
    figure.className = "chart-figure";
    caption.className = "chart-title";
    caption.textContent = table.dataset.chartTitle;
    box.className = "chart" + (extra ? " " + extra : "");
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", table.dataset.chartTitle + " " + (table.dataset.chartNote || ""));
    box.setAttribute("aria-details", table.id);
    figure.append(caption, box);
    // A long table of numbers folds away once it is drawn.
    var folded = table.closest("details.chart-table");
    var room = table.previousElementSibling;
    if (folded) folded.before(figure);
    else room.append(figure);
    if (folded) folded.open = false;
    return { figure: figure, box: box, folded: folded };
  }

  /* Draws now, and again when the room or the scheme changes. */
  function keep(box, chart, paint) {
    var waiting = 0;
    var width = box.clientWidth;
    paint();
    new ResizeObserver(function () {
      // It also tells of the width that it found at first.
      if (box.clientWidth === width) return;
      width = box.clientWidth;
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(function () { chart.resize(); paint(); });
    }).observe(box);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  }

  function prepareFlow(table) {
    var rows = Array.from(table.tBodies[0].rows).map(function (row) {
      var stage = Number(row.dataset.stage);
      var source = row.cells[0].textContent.trim();
      var target = row.querySelector("[data-name]").textContent.trim();
      return { source: stage + source, target: stage + 1 + target, value: number(row.cells[row.cells.length - 1]), stage: stage, words: [source, target] };
    }).filter(function (row) { return row.value > 0; });
    if (!rows.length) return null;
    var nodes = new Map();
    rows.forEach(function (row) {
      nodes.set(row.source, { name: row.source, words: row.words[0], depth: row.stage - 1 });
      nodes.set(row.target, { name: row.target, words: row.words[1], depth: row.stage });
    });
    var deepest = Math.max.apply(null, rows.map(function (row) { return row.stage; }));
    var crowd = [];
    nodes.forEach(function (node) { crowd[node.depth] = (crowd[node.depth] || 0) + 1; });
    var framed = frame(table, "chart-flow");
    var box = framed.box;
    var size = fontSize();
    var height = Math.max(260, Math.max.apply(null, crowd) * size * 3.6);
    box.style.minHeight = height + "px";
    framed.draw = function () {
      var chart = window.echarts.init(box, null, { renderer: "svg", height: height });
      keep(box, chart, function () {
        size = fontSize();
        chart.setOption({
          animation: false,
          textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: size },
          series: [{
            type: "sankey",
            silent: true,
            left: 0, right: 0, top: size, bottom: size,
            nodeWidth: 8,
            nodeGap: size * 2.4,
            draggable: false,
            layoutIterations: 32,
            lineStyle: { color: token("grey-bar"), opacity: 0.55, curveness: 0.5 },
            label: { color: token("ink"), fontSize: size, lineHeight: size * 1.3, textBorderColor: token("paper"), textBorderWidth: 3 },
            data: Array.from(nodes.values()).map(function (node) {
              return {
                name: node.name,
                depth: node.depth,
                itemStyle: { color: token(node.depth === 1 ? "river" : "ink-soft"), borderWidth: 0 },
                label: {
                  position: node.depth === deepest ? "left" : "right",
                  formatter: function (about) { return node.words + "\n" + short(about.value); }
                }
              };
            }),
            links: rows.map(function (row) { return { source: row.source, target: row.target, value: row.value }; })
          }]
        }, true);
      });
    };
    return framed;
  }

  function fontSize() {
    return parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.8;
  }

  function prepare(table) {
    if (table.dataset.chart === "flow") return prepareFlow(table);
    var found = read(table);
    if (found.points.length < 2 || !found.series.length) return null;
    var framed = frame(table);
    var box = framed.box;
    var own = found.series.filter(function (one) { return !one.target; });
    if (own.length > 1) box.before(key(own));
    framed.draw = function () {
      var chart = window.echarts.init(box, null, { renderer: "svg" });
      keep(box, chart, function () {
        var size = fontSize();
        var beside = own.length < found.series.length;
        chart.setOption({
          animation: false,
          textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: size },
          grid: { left: 4, right: beside ? size * 2 : 12, top: size * 2.2, bottom: 4, containLabel: true },
          xAxis: {
            type: "category",
            data: found.points,
            axisLine: { lineStyle: { color: token("control-line") } },
            axisTick: { show: false },
            axisLabel: { color: token("ink-soft"), fontSize: size, hideOverlap: true }
          },
          yAxis: {
            type: "value",
            min: function (span) { return Math.min(0, span.min); },
            splitNumber: 4,
            axisLabel: { color: token("ink-soft"), fontSize: size, formatter: short },
            splitLine: { lineStyle: { color: token("line"), type: [2, 4] } }
          },
          series: found.series.map(function (one, i) { return describe(one, i, table.dataset.chart, box.clientWidth, size, beside); })
        }, true);
      });
    };
    return framed;
  }

  /* What is not drawn must not stand there empty: the numbers come back. */
  function unfold(framed) {
    framed.figure.hidden = true;
    if (framed.folded) framed.folded.open = true;
  }

  var waiting = Array.from(document.querySelectorAll("table[data-chart]")).map(prepare).filter(Boolean);
  document.querySelectorAll(".chart-room:empty").forEach(function (room) { room.remove(); });
  var near = new IntersectionObserver(function (seen) {
    seen.filter(function (one) { return one.isIntersecting; }).forEach(function (one) {
      var framed = waiting.find(function (each) { return each.box === one.target; });
      near.unobserve(one.target);
      waiting = waiting.filter(function (each) { return each !== framed; });
      // Each chart in a turn of its own, so that a tap is answered between them.
      withLibrary().then(function () { setTimeout(framed.draw); }, function () { unfold(framed); });
    });
  }, { rootMargin: "0px" });
  waiting.forEach(function (framed) { near.observe(framed.box); });
  /* On paper the numbers stand, which are whole at any width. */
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details.chart-table").forEach(function (folded) { folded.open = true; });
  });
})();
