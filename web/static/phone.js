/* The visitor's phone: the place in line, live. Written for browsers of 2014 too (ES5): no
   library, nothing newer than what is asked for by name first. */
(function () {
  'use strict';
  var body = document.body, language = document.documentElement.lang;
  var base = body.getAttribute('data-base');
  var isSecure = body.hasAttribute('data-https');
  var view = body.getAttribute('data-view');
  var SILENCE_MS = 45000, AWAY_AFTER_MS = 4000, POLL_MS = 5000, AGAIN_MS = 5000;

  function byId(id) { return document.getElementById(id); }

  function say(id, words) {
    var one = byId(id);
    if (one.textContent !== words) { one.textContent = words; }
  }

  function show(id, isShown) { byId(id).hidden = !isShown; }

  function sayOrHide(id, words) { say(id, words); show(id, words !== ''); }

  /* What the page shows. */

  function listPapers(papers) {
    var list = byId('paper-list'), joined = papers.join('\n'), i, item;
    show('papers', papers.length > 0);
    if (list.getAttribute('data-papers') === joined) { return; }
    list.setAttribute('data-papers', joined);
    list.textContent = '';
    for (i = 0; i < papers.length; i += 1) {
      item = document.createElement('li');
      item.textContent = papers[i];
      list.appendChild(item);
    }
  }

  function apply(shown) {
    var isCall = shown.view === 'called';
    var isNews = shown.view !== view || (isCall && shown.again !== byId('again').textContent);
    say('number', shown.number);
    say('service', shown.service);
    say('head', shown.head);
    sayOrHide('line', shown.line);
    sayOrHide('again', shown.again);
    say('range', shown.range);
    say('last', shown.last);
    say('others', shown.others);
    byId('progress').value = shown.progress;
    listPapers(shown.papers);
    show('cancel', shown.cancel);
    show('rate', shown.rate);
    show('survey', shown.survey);
    show('review', shown.review !== '');
    if (shown.review !== '') { byId('review-link').href = shown.review; }
    body.setAttribute('data-view', shown.view);
    document.title = shown.title;
    say('soft', shown.soft);
    say('loud', shown.loud);
    view = shown.view;
    if (isNews && isCall) { window.scrollTo(0, 0); ring(3); }
    if (isNews && shown.view === 'near') { ring(1); }
    showSwitches();
  }

  function keepLast(shown) {
    if (!isSecure) { return; }
    try {
      localStorage.setItem('last', JSON.stringify({ base: base, shown: shown, updated: byId('updated').textContent }));
    } catch (full) { /* then an offline phone shows the page as it was loaded */ }
  }

  function showLast() {
    var last;
    if (!isSecure) { return; }
    try { last = JSON.parse(localStorage.getItem('last')); } catch (broken) { return; }
    if (last && last.base === base) { apply(last.shown); say('updated', last.updated); }
  }

  /* Ringing: armed by a touch on the switch, as browsers want it. */

  var AudioKind = window.AudioContext || window.webkitAudioContext;
  var sound = null, isArmed = false;
  var NOTES = [[660, 0], [554.37, 0.45]];

  function arm() {
    if (AudioKind && !sound) { sound = new AudioKind(); }
    if (sound && sound.resume) { sound.resume(); }
    isArmed = true;
  }

  function note(hertz, at) {
    var source = sound.createOscillator(), loudness = sound.createGain();
    source.frequency.value = hertz;
    loudness.gain.setValueAtTime(0.0001, at);
    loudness.gain.linearRampToValueAtTime(0.8, at + 0.02);
    loudness.gain.linearRampToValueAtTime(0.0001, at + 0.6);
    source.connect(loudness);
    loudness.connect(sound.destination);
    source.start(at);
    source.stop(at + 0.65);
  }

  function ring(times) {
    var turn, i, pattern = [];
    if (!byId('ring').checked) { return; }
    for (turn = 0; turn < times; turn += 1) {
      pattern.push(500, 250);
      for (i = 0; sound && i < NOTES.length; i += 1) {
        note(NOTES[i][0], sound.currentTime + 0.05 + turn * 1.4 + NOTES[i][1]);
      }
    }
    if (navigator.vibrate) { navigator.vibrate(pattern); }
  }

  function remember(name, isOn) {
    try { sessionStorage.setItem(name, isOn ? '1' : ''); } catch (none) { /* only for this page */ }
  }

  function recall(name) {
    try { return sessionStorage.getItem(name) === '1'; } catch (none) { return false; }
  }

  function startRinging() {
    var box = byId('ring');
    box.checked = recall('ring');
    box.onchange = function () {
      remember('ring', box.checked);
      if (box.checked) { arm(); ring(1); }
    };
    // After another page of ours the switch is still on, but the sound wants a touch again.
    document.addEventListener('click', function () { if (box.checked && !isArmed) { arm(); } });
  }

  /* Keeping the screen on: over https alone, and where the browser can. */

  var lock = null;

  function stayAwake() {
    if (!byId('awake').checked || lock || document.visibilityState !== 'visible') { return; }
    navigator.wakeLock.request('screen').then(function (given) {
      lock = given;
      lock.addEventListener('release', function () { lock = null; });
    }, function () { byId('awake').checked = false; });
  }

  function startAwake() {
    var box = byId('awake');
    if (!box || !navigator.wakeLock) { return; }
    show('awake-row', true);
    box.checked = recall('awake');
    box.onchange = function () {
      remember('awake', box.checked);
      if (box.checked) { stayAwake(); } else if (lock) { lock.release(); }
    };
    document.addEventListener('visibilitychange', stayAwake);
    stayAwake();
  }

  function showSwitches() {
    var isBefore = view === 'waiting' || view === 'near' || view === 'parked' || view === 'missed';
    show('alarm', isBefore && Boolean(AudioKind || navigator.vibrate));
  }

  /* The line to the branch: a stream, or a question every few seconds. */

  var source = null, heardMs = Date.now(), awayTimer = null, isOver = false;

  function heard() {
    heardMs = Date.now();
    if (awayTimer) { clearTimeout(awayTimer); awayTimer = null; }
    sayOrHide('away', '');
  }

  function lost() {
    if (awayTimer || isOver || !byId('away').hidden) { return; }
    awayTimer = setTimeout(function () {
      awayTimer = null;
      showLast();
      sayOrHide('away', body.getAttribute('data-lost'));
    }, AWAY_AFTER_MS);
  }

  function over() {
    isOver = true;
    if (source) { source.close(); }
    try { localStorage.removeItem('last'); } catch (none) { /* there was none */ }
    location.reload();
  }

  function tellAll(shown, updated) {
    heard();
    apply(shown);
    if (updated) { say('updated', updated); }
    keepLast(shown);
  }

  function listen() {
    if (source) { source.close(); }
    source = new window.EventSource(base + '/stream?lang=' + language);
    source.onmessage = function (event) { tellAll(JSON.parse(event.data), ''); };
    source.addEventListener('still', function (event) { heard(); say('updated', event.data); });
    source.addEventListener('away', function (event) { heard(); sayOrHide('away', event.data); });
    source.addEventListener('over', over);
    source.onerror = function () {
      lost();
      // 2: it gave up, as after an answer that is no stream.
      if (source.readyState === 2) { setTimeout(checkThenListen, AGAIN_MS); }
    };
  }

  function ask(then) {
    var request = new XMLHttpRequest();
    request.onreadystatechange = function () {
      var told;
      if (request.readyState !== 4) { return; }
      if (request.status === 404) { over(); return; }
      if (request.status === 200) {
        told = JSON.parse(request.responseText);
        tellAll(told.shown, told.updated);
        sayOrHide('away', told.away);
      } else { lost(); }
      then();
    };
    request.open('GET', base + '/state?lang=' + language, true);
    request.timeout = 10000;
    request.send();
  }

  function checkThenListen() { ask(function () { if (!isOver) { listen(); } }); }

  function poll() { ask(function () { if (!isOver) { setTimeout(poll, POLL_MS); } }); }

  function watch() {
    // A stream that a sleeping phone or a dead mobile link left behind says nothing any more.
    if (Date.now() - heardMs > SILENCE_MS && !isOver) { heardMs = Date.now(); lost(); listen(); }
  }

  startRinging();
  startAwake();
  showSwitches();
  if (window.EventSource) {
    listen();
    setInterval(watch, 5000);
    document.addEventListener('visibilitychange', watch);
  } else { poll(); }
  if (isSecure && navigator.serviceWorker) {
    navigator.serviceWorker.register('/t/worker.js').catch(function () { /* online it all works */ });
  }
}());
