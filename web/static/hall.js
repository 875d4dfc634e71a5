/* The live hall: parts of the page come ready from the server and are put where they belong. */
(function () {
  "use strict";
  var stamp = document.getElementById("stamp");
  var words = document.getElementById("stamp-words");
  var heard = document.getElementById("heard");
  var ahead = Number(stamp.dataset.now) - Date.now();
  var last = Date.now(), told = Number(stamp.dataset.now), online = true, stale = false;
  var OLD_MS = 5000, HERE_MS = 60000;

  function two(number) { return (number < 10 ? "0" : "") + number; }

  // The branch's clock: what the server wrote, moved on.
  var first = words.textContent.match(/(\d\d)\D(\d\d)\D(\d\d)/);
  var firstS = first ? first[1] * 3600 + first[2] * 60 + Number(first[3]) : 0;
  var firstMs = Number(stamp.dataset.now);
  function clock(ms) {
    var s = (((firstS + Math.floor((ms - firstMs) / 1000)) % 86400) + 86400) % 86400;
    return two(Math.floor(s / 3600)) + "." + two(Math.floor(s / 60) % 60) + "." + two(s % 60);
  }

  function show() {
    var old = stale || Date.now() - last > OLD_MS;
    var state = !online ? "lost" : old ? "old" : "";
    var text = state === "lost" ? stamp.dataset.lost : (old ? stamp.dataset.old : stamp.dataset.live).replace("@", clock(told));
    if (stamp.className !== "stamp " + state) {
      stamp.className = "stamp " + state;
      heard.textContent = state ? text : "";
    }
    if (words.textContent !== text) { words.textContent = text; }
    var now = Date.now() + ahead;
    document.querySelectorAll("time.ticks").forEach(function (one) {
      var s = Math.max(0, Math.floor((now - Number(one.dataset.since)) / 1000));
      var h = Math.floor(s / 3600), rest = two(Math.floor(s / 60) % 60) + ":" + two(s % 60);
      one.textContent = h ? h + ":" + rest : rest;
    });
  }

  // The focus stays on what it was on, so that a keyboard is not thrown back to the top.
  function put(name, html) {
    var part = document.getElementById("part-" + name);
    if (!part) { return; }
    var active = part.contains(document.activeElement) ? document.activeElement : null;
    var href = active && active.getAttribute("href");
    var at = active ? Array.from(part.querySelectorAll("a, [tabindex]")).indexOf(active) : -1;
    part.innerHTML = html;
    if (window.drawCharts) { window.drawCharts(part); }
    if (active) {
      var all = Array.from(part.querySelectorAll("a, [tabindex]"));
      var again = all.find(function (one) { return href && one.getAttribute("href") === href; });
      (again || all[Math.min(at, all.length - 1)] || document.getElementById("main")).focus();
    }
  }

  var stream = new EventSource("/hall/stream");
  stream.onmessage = function (event) {
    var news = JSON.parse(event.data);
    last = Date.now();
    told = news.now;
    ahead = news.now - last;
    online = news.online;
    stale = news.old;
    Object.keys(news.parts || {}).forEach(function (name) { put(name, news.parts[name]); });
    show();
  };
  stream.addEventListener("over", function () {
    stream.close();
    window.location.assign("/sign-in");
  });
  setInterval(show, 1000);

  // Whoever moves is here: told once a minute at most.
  var here = Date.now();
  function moved() {
    if (Date.now() - here < HERE_MS) { return; }
    here = Date.now();
    fetch("/hall/here", { method: "POST", body: new URLSearchParams({ token: stamp.dataset.here }) });
  }
  ["pointermove", "pointerdown", "keydown"].forEach(function (kind) {
    document.addEventListener(kind, moved, { passive: true });
  });

  var print = document.getElementById("print");
  print.hidden = false;
  print.addEventListener("click", function () { window.print(); });
})();
