/* Keeps the last page of a ticket for when the phone is offline; nothing of anybody else. */
'use strict';
var STORE = 'antrean-1';
self.addEventListener('install', function () { self.skipWaiting(); });
self.addEventListener('activate', function (event) { event.waitUntil(self.clients.claim()); });

function isPage(url) { return /^\/t\/[A-Za-z0-9_-]{16,64}$/.test(url.pathname); }

function keep(request, response) {
  return caches.open(STORE).then(function (store) {
    return store.put(request, response);
  });
}

function forget(request) {
  return caches.open(STORE).then(function (store) { return store.delete(request); });
}

function fromNetwork(event, url) {
  return fetch(event.request).then(function (response) {
    if (response.ok) { event.waitUntil(keep(url.pathname, response.clone())); }
    if (response.status === 404) { event.waitUntil(forget(url.pathname)); }
    return response;
  }, function () {
    return caches.match(url.pathname).then(function (kept) {
      return kept || Response.error();
    });
  });
}

function fromStore(event, url) {
  var name = url.pathname + url.search;
  return caches.match(name).then(function (kept) {
    return kept || fetch(event.request).then(function (response) {
      if (response.ok) { event.waitUntil(keep(name, response.clone())); }
      return response;
    });
  });
}

self.addEventListener('fetch', function (event) {
  var url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin) { return; }
  if (isPage(url)) { event.respondWith(fromNetwork(event, url)); }
  if (url.pathname.indexOf('/static/') === 0) { event.respondWith(fromStore(event, url)); }
});
