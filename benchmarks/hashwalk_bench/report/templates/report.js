"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  for (const part of document.querySelectorAll(".scripted")) part.hidden = false;

  // Numbers in words, as the page has them.
  const percent = (share) => {
    const points = 100 * share, rest = Math.min(Math.abs(points), Math.abs(100 - points));
    if (rest < 1e-9) return `${points.toFixed(0)}\u00a0%`;
    const text = points.toFixed(rest >= 1 ? 0 : rest >= 0.1 ? 1 : 2);
    if (Number(text) === 0) return "under 0.01\u00a0%";
    return Number(text) === 100 ? "over 99.99\u00a0%" : `${text}\u00a0%`;
  };
  const raised = (n) => String(n).replace(/[-0-9]/g, (c) => c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c]);
  const scientific = (value) => {
    if (value === 0) return "0";
    if (value >= 0.01) return String(Number(value.toPrecision(2)));
    const [mantissa, exponent] = value.toExponential(1).split("e");
    return `${mantissa} × 10${raised(Number(exponent))}`;
  };
  const wilson = (p, n) => {
    const z = 1.96, middle = p + z * z / (2 * n), scale = 1 + z * z / n;
    const half = z * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    return [Math.max(0, (middle - half) / scale), Math.min(1, (middle + half) / scale)];
  };
  const upTo = (counts, bin) => {
    let sum = 0;
    for (let n = Math.min(bin, counts.length - 1); n >= 0; n--) sum += counts[n];
    return sum;
  };

  // Threshold sliders.
  const EVENTS = 10;
  const put = (place, text, small) => {
    place.textContent = text;
    if (small) {
      const detail = document.createElement("small");
      detail.textContent = small;
      place.append(detail);
    }
  };
  const found = (format, bin) => {
    let sum = 0, edits = 0, trials = 0;
    const families = format.families.map(([name, several]) => {
      let own = 0, number = 0, copies = 0;
      for (const [count, each, counts] of several) {
        own += upTo(counts, bin) / each;
        number += count;
        copies += count * each;
      }
      sum += own;
      edits += number;
      trials += copies;
      return [name, number ? own / number : 0, copies];
    });
    return { share: edits ? sum / edits : 0, trials, families };
  };
  const confused = (format, bin) => {
    const hits = upTo(format.far, bin), pairs = format.pairs;
    if (hits === 0) {
      const bound = scientific(-Math.expm1(Math.log(0.05) / pairs));
      return [`≤ ${bound}`, `none of ${pairs.toLocaleString("en")} pairs`];
    }
    if (hits < EVENTS) {
      const few = `${hits} of ${pairs.toLocaleString("en")} pairs`;
      return [few, `too few to tell a rate: under ${EVENTS} events`];
    }
    const [low, high] = wilson(hits / pairs, format.units[1]);
    return [scientific(hits / pairs), `about ${scientific(low)} to ${scientific(high)}`];
  };
  const bars = (body, families) => {
    body.replaceChildren(...families.map(([name, share, all]) => {
      const row = document.createElement("tr"), head = document.createElement("th");
      head.scope = "row";
      head.textContent = name;
      const bar = document.createElement("td"), track = document.createElement("span");
      const fill = document.createElement("span"), count = document.createElement("td");
      bar.className = "bar";
      track.className = "track";
      fill.className = "fill";
      fill.style.width = `${100 * share}%`;
      track.append(fill);
      bar.append(track, percent(share));
      count.textContent = all.toLocaleString("en");
      row.append(head, bar, count);
      return row;
    }));
  };
  const prepare = (part) => {
    const format = data.formats[part.dataset.format], slider = part.querySelector("input");
    const grid = typeof format.grid === "number"
      ? Array.from({ length: format.grid }, (_, n) => n) : format.grid;
    const cursor = part.querySelector(".cursor"), box = part.querySelector(".chart").viewBox.baseVal;
    const [left, right] = [52, box.width - 14], span = grid[grid.length - 1] - grid[0] || 1;
    const shape = cursor.getAttribute("d").replace(/^M[\d.]+/, "");
    let waiting = 0;
    const show = () => {
      const bin = Number(slider.value), at = grid[bin];
      const equal = grid.length === 2 && bin === 0;
      const threshold = equal ? "equal hashes" : `${Number(at.toPrecision(6))} ${format.unit}`.trim();
      const near = found(format, bin), [fpr, pairs] = confused(format, bin);
      const [low, high] = wilson(near.share, format.units[0]);
      slider.setAttribute("aria-valuetext", threshold);
      const share = near.trials ? percent(near.share) : "-";
      part.querySelector(".at").textContent = equal ? "Equal hashes match" : `Up to ${threshold} is a match`;
      put(part.querySelector(".recall"), share, near.trials === 0 ? "no copies" :
        `about ${percent(low)} to ${percent(high)}, of ${near.trials.toLocaleString("en")} copies`);
      put(part.querySelector(".fpr"), fpr, pairs);
      part.querySelector(".brief").textContent =
        `finds ${share}, confuses ${fpr} at ${threshold}`;
      bars(part.querySelector("tbody"), near.families);
      cursor.setAttribute("d", `M${left + (right - left) * (at - grid[0]) / span}${shape}`);
      return `At ${threshold}: found ${share}; confused ${fpr}, ${pairs}.`;
    };
    slider.max = String(grid.length - 1);
    slider.value = String(format.start);
    slider.addEventListener("input", () => {
      const said = show();
      clearTimeout(waiting);
      waiting = setTimeout(() => { part.querySelector(".spoken").textContent = said; }, 400);
    });
    show();
  };
  for (const part of document.querySelectorAll("details.format")) prepare(part);

  // Heat maps at another point.
  for (const select of document.querySelectorAll("select[data-medium]")) {
    const heats = data.heats[select.dataset.medium];
    select.addEventListener("change", () => {
      const point = heats.points[select.value];
      heats.tables.forEach((id, number) => {
        const table = document.getElementById(id);
        if (!table) return;
        const caption = table.caption.firstElementChild;
        const order = [...table.querySelectorAll("tbody tr:not(.group)")];
        order.sort((a, b) => (a.dataset.row ?? 0) - (b.dataset.row ?? 0));
        const cells = order.flatMap((row) => [...row.cells].slice(1));
        cells.forEach((cell, place) => {
          const [text, detail, heat] = heats.texts[point.cells[number][place]];
          put(cell, text, detail);
          cell.className = heat === null ? "" : `h${heat}`;
          cell.dataset.value = heat === null ? "" : Number.parseFloat(text);
        });
        caption.textContent = caption.textContent.replace(/, at .*$/, `, at ${point.said}`);
      });
    });
  }

  // Sortable tables: numbers start with the largest, texts with the first.
  const key = (row, column) => {
    const cell = row.cells[column], value = cell.dataset.value;
    return value === undefined || value === "" ? null : Number(value);
  };
  const compare = (column, numeric, sign) => (a, b) => {
    if (!numeric) return sign * a.cells[column].textContent.localeCompare(b.cells[column].textContent);
    const [x, y] = [key(a, column), key(b, column)];
    if (x === null || y === null) return (x === null) - (y === null);
    return sign * (x - y);
  };
  for (const table of document.querySelectorAll("table[data-sortable]")) {
    const heads = [...table.tHead.rows[0].cells], body = table.tBodies[0];
    [...body.rows].forEach((row, number) => { row.dataset.row = String(number); });
    heads.forEach((head, column) => {
      head.querySelector("button").addEventListener("click", () => {
        const numeric = head.classList.contains("number"), now = head.getAttribute("aria-sort");
        const first = numeric ? "descending" : "ascending";
        const second = numeric ? "ascending" : "descending";
        const order = now === first ? second : first;
        for (const other of heads) other.setAttribute("aria-sort", "none");
        head.setAttribute("aria-sort", order);
        const sorted = [...body.rows].sort(compare(column, numeric, order === "ascending" ? 1 : -1));
        body.append(...sorted);
      });
    });
  }

  // On paper everything is open.
  addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("details:not([open])")) {
      part.open = true;
      part.dataset.closed = "";
    }
  });
  addEventListener("afterprint", () => {
    for (const part of document.querySelectorAll("details[data-closed]")) {
      part.open = false;
      delete part.dataset.closed;
    }
  });
})();
