/**
 * Keeps the page's files, so that it works without a network. All files of a release come and go together: an open page never meets
 * files of another one.
 *
 * @module
 */

/** Version and files of the release, relative to this script; the build writes them in front of it. */
declare const RELEASE: { readonly version: string; readonly files: readonly string[] };

/** An event that waits for what it starts. */
interface WaitingEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface FetchEvent extends Event {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

/** What this script uses of its surroundings: the types of workers and of pages exclude each other. */
interface Surroundings {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(name: "install" | "activate", listener: (event: WaitingEvent) => void): void;
  addEventListener(name: "fetch", listener: (event: FetchEvent) => void): void;
  addEventListener(name: "message", listener: (event: MessageEvent) => void): void;
}

const here = globalThis as unknown as Surroundings;
const PREFIX = `rootstock ${here.registration.scope} `;
const NAME = PREFIX + RELEASE.version;

here.addEventListener("install", (event) => event.waitUntil(store()));
here.addEventListener("activate", (event) => event.waitUntil(tidy().then(() => here.clients.claim())));
here.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && url.startsWith(here.registration.scope)) event.respondWith(answer(event.request));
});
here.addEventListener("message", ({ data }) => {
  if (data === "renew") here.skipWaiting();
});

async function store(): Promise<void> {
  const cache = await caches.open(NAME);
  // Not from the browser's own cache, which may have files of an earlier release.
  await cache.addAll(RELEASE.files.map((file) => new Request(file, { cache: "reload" })));
}

async function tidy(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(NAME);
  return await cache.match(request, { ignoreSearch: true }) ?? await fetch(request);
}
