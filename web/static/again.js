/* A page that could not be shown asks again by itself. Also for browsers of 2014 (ES5). */
(function () {
  'use strict';
  var wait = parseInt(document.body.getAttribute('data-again'), 10) || 10;
  setTimeout(function () { location.reload(); }, wait * 1000);
}());
