import type { Prediction } from "../src/embed/mod.ts";
import { formatShare } from "../src/report/words.ts";
import { find, make } from "./elements.ts";
import type { Answers } from "./networks.ts";
import type { ShownPicture } from "./shown_picture.ts";

/** Classes that are named of a picture. */
export const TOP = 5;
/** Pictures whose answers stay. */
const KEPT = 24;

/** What the network says of the latest pictures. */
export class AnswerList {
  readonly #list = find("#answers", HTMLOListElement);
  readonly #said = find("#said", HTMLElement);
  readonly #time = find("#time", HTMLButtonElement);
  #latest: ShownPicture | undefined;

  /** The latest picture, if there was one. */
  get latest(): ShownPicture | undefined {
    return this.#latest;
  }

  /**
   * Shows answers above all earlier ones.
   *
   * @param pictures The pictures.
   * @param answers What the network says of them.
   * @param isRevised Whether they are of the picture that was asked of last, as it has become.
   */
  show(pictures: readonly ShownPicture[], { answers, milliseconds }: Answers, isRevised = false): void {
    if (isRevised) this.#list.firstElementChild?.remove();
    this.#list.prepend(...pictures.map((picture, i) => renderAnswer(picture, answers[i]!)));
    while (this.#list.childElementCount > KEPT) this.#list.lastElementChild!.remove();
    this.#latest = pictures.at(-1);
    this.#time.disabled = false;
    const took = `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
    const [{ label, probability }] = answers[0] as [Prediction];
    this.#said.textContent = pictures.length === 1
      ? `${label}, ${formatShare(probability)}, in ${took}`
      : `${pictures.length} pictures in ${took}`;
  }

  /** Takes all answers away: another network would give others. */
  clear(): void {
    this.#list.replaceChildren();
    this.#said.textContent = "No picture yet.";
    this.#latest = undefined;
    this.#time.disabled = true;
    find("#speed", HTMLElement).textContent = "";
  }
}

function renderAnswer({ name, thumbnail }: ShownPicture, predictions: readonly Prediction[]): HTMLLIElement {
  const rows = predictions.map(({ label, probability }) => {
    const bar = make("div", { className: "share" });
    // A property that a script sets is no inline style to the policy.
    bar.style.setProperty("--share", `${100 * probability}%`);
    return make("tr", {}, [
      make("th", { scope: "row", textContent: label }),
      make("td", { className: "bar" }, [bar]),
      make("td", { className: "right", textContent: formatShare(probability) }),
    ]);
  });
  thumbnail.setAttribute("aria-hidden", "true");
  const caption = make("caption", { textContent: name });
  return make("li", { className: "answer" }, [thumbnail, make("table", {}, [caption, make("tbody", {}, rows)])]);
}
