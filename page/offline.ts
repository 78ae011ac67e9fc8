import { offer } from "./notice.ts";

/** Has the page work without a network from the next visit on, and offers a newer one when there is one. */
export async function keepOffline(): Promise<void> {
  // Pages that came over plain HTTP from another machine have no such thing.
  const { serviceWorker } = navigator as { serviceWorker?: ServiceWorkerContainer };
  if (!serviceWorker) return;
  const registration = await serviceWorker.register("service_worker.js");
  const offerNext = () => {
    const next = registration.waiting;
    if (!next || !serviceWorker.controller) return;
    offer("A newer page is ready.", "Use it", () => {
      serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      next.postMessage("renew");
    });
  };
  offerNext();
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", offerNext);
  });
}
