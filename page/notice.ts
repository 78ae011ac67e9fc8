import { find, make } from "./elements.ts";

const notice = find("#notice", HTMLElement);

/** Tells in a line what went wrong, until something else is done. */
export function complain(error: unknown): void {
  notice.textContent = error instanceof Error ? error.message : String(error);
  notice.hidden = false;
}

/** Takes the complaint away. */
export function forgive(): void {
  notice.hidden = true;
  notice.textContent = "";
}

/** Does something that a user asked for, and tells why it failed if it does. */
export async function attempt(work: () => Promise<void> | void): Promise<void> {
  forgive();
  try {
    await work();
  } catch (error) {
    complain(error);
  }
}

/** Tells that something is ready, with a button that goes there. */
export function offer(text: string, action: string, onClick: () => void): void {
  const button = make("button", { textContent: action, type: "button" });
  button.addEventListener("click", onClick);
  const place = find("#offer", HTMLElement);
  place.replaceChildren(text, " ", button);
  place.hidden = false;
}
