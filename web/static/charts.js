/* Draws each table that asks for it as bars with patterns, so that it reads in black and white.
   The table stays where it is: the picture is for eyes alone. */
(function () {
  "use strict";
  var made = new Map();

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  // Full, hatched, dotted: told apart without any colour.
  function pattern(kind, ink, paper) {
    if (kind === 0) { return ink; }
    var tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    var pen = tile.getContext("2d");
    pen.fillStyle = paper;
    pen.fillRect(0, 0, 8, 8);
    pen.strokeStyle = pen.fillStyle = ink;
    pen.lineWidth = 2;
    pen.beginPath();
    if (kind === 1) {
      pen.moveTo(-2, 6); pen.lineTo(6, -2); pen.moveTo(2, 10); pen.lineTo(10, 2);
      pen.stroke();
    } else {
      pen.arc(4, 4, 1.6, 0, 7); pen.fill();
    }
    return pen.createPattern(tile, "repeat");
  }

  function column(table, at) {
    return Array.from(table.tBodies[0].rows, function (row) {
      var given = row.cells[at].dataset.value;
      return given === undefined || given === "" ? null : Number(given);
    });
  }

  function heading(table, at) {
    return table.tHead.rows[table.tHead.rows.length - 1].cells[at].textContent.trim();
  }

  function listed(text) {
    return (text || "").split(",").filter(Boolean).map(Number);
  }

  function draw(table) {
    if (!window.Chart || table.dataset.drawn) { return; }
    table.dataset.drawn = "yes";
    var ink = colour("--ink"), paper = colour("--card"), line = colour("--line");
    var inks = [colour("--green"), colour("--blue"), colour("--purple")];
    var sets = listed(table.dataset.bars).map(function (at, kind) {
      return {
        type: "bar", label: heading(table, at), data: column(table, at), order: 2,
        backgroundColor: pattern(kind, inks[kind % 3], paper),
        borderColor: inks[kind % 3], borderWidth: 1.5, maxBarThickness: 36
      };
    });
    listed(table.dataset.line).forEach(function (at) {
      sets.push({
        type: "line", label: heading(table, at), data: column(table, at), order: 1,
        borderColor: ink, backgroundColor: paper, borderDash: [6, 4], borderWidth: 2,
        pointStyle: "rectRot", pointRadius: 5, pointBorderColor: ink, yAxisID: "second"
      });
    });
    var box = document.createElement("div");
    box.className = "chart";
    var canvas = document.createElement("canvas");
    canvas.setAttribute("aria-hidden", "true");
    box.appendChild(canvas);
    table.closest(".scroll").before(box);
    var scales = {
      x: { grid: { display: false }, ticks: { color: ink }, border: { color: ink } },
      y: { beginAtZero: true, ticks: { color: ink, precision: 0 }, grid: { color: line } }
    };
    if (listed(table.dataset.line).length) {
      scales.second = {
        position: "right", beginAtZero: true, grid: { display: false },
        ticks: { color: ink, precision: 0 }
      };
    }
    made.set(table, new window.Chart(canvas, {
      data: {
        labels: Array.from(table.tBodies[0].rows, function (row) {
          return row.cells[0].textContent.trim();
        }),
        datasets: sets
      },
      options: {
        animation: false, responsive: true, maintainAspectRatio: false,
        font: { family: "inherit" },
        plugins: {
          legend: { labels: { color: ink, usePointStyle: false, boxWidth: 28, boxHeight: 14 } }
        },
        scales: scales
      }
    }));
  }

  window.drawCharts = function (within) {
    made.forEach(function (chart, table) {
      if (!document.contains(table)) { chart.destroy(); made.delete(table); }
    });
    (within || document).querySelectorAll("table[data-chart]").forEach(draw);
  };
  window.addEventListener("beforeprint", function () {
    made.forEach(function (chart) { chart.resize(680, 150); });
  });
  window.addEventListener("afterprint", function () {
    made.forEach(function (chart) { chart.resize(); });
  });
  window.drawCharts(document);
})();
