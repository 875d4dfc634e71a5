/* The survey tablet goes back to its start when nobody touches it any more (ES5). */
(function () {
  'use strict';
  var home = document.body.getAttribute('data-home');
  var idleMs = parseInt(document.body.getAttribute('data-idle'), 10) * 1000;
  var timer = null, isSent = false, kinds = ['touchstart', 'mousedown', 'keydown', 'input', 'scroll'], i;
  function wait() {
    clearTimeout(timer);
    timer = setTimeout(function () { location.replace(home); }, idleMs);
  }
  for (i = 0; i < kinds.length; i += 1) { document.addEventListener(kinds[i], wait); }
  document.addEventListener('submit', function (event) {
    if (isSent) { event.preventDefault(); }
    isSent = true;
  });
  window.addEventListener('pageshow', function () { isSent = false; wait(); });
}());
