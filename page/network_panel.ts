import { formatCount } from "../src/report/words.ts";
import { find, make } from "./elements.ts";
import type { Facts } from "./networks.ts";
import type { Collection } from "./shipped_network.ts";

/** A network that users can choose: known, or still to be fetched. */
export interface Choice {
  /** What users call it. */
  readonly title: string;
  /** What it is good for; empty for those that users bring. */
  readonly hint: string;
  /** Collections that it learnt from, if there are several. */
  readonly collections?: readonly Collection[] | undefined;
  /** Fetches and opens it, once. */
  readonly open: () => Promise<Facts>;
}

/** Classes that are named at once; of more, the number tells. */
const FEW = 20;

/** Which network is asked, and what it is. */
export class NetworkPanel {
  readonly #select = find("#network", HTMLSelectElement);
  readonly #among = find("#among", HTMLSelectElement);
  readonly #details = find("#cells", HTMLDetailsElement);
  readonly #choices: Choice[] = [];
  readonly #onChange: (choice: Choice) => void;
  #facts: Facts | undefined;

  /**
   * @param onChange Told when a user chooses another network.
   * @param onNarrow Told when other classes come into question.
   */
  constructor(onChange: (choice: Choice) => void, onNarrow: () => void) {
    this.#onChange = onChange;
    this.#select.addEventListener("change", () => onChange(this.#choices[this.#select.selectedIndex]!));
    this.#among.addEventListener("change", onNarrow);
    this.#details.addEventListener("toggle", () => this.#drawCells());
  }

  /** The classes that come into question; nothing if all of them do. */
  get among(): Collection | undefined {
    return this.#choices[this.#select.selectedIndex]?.collections?.[this.#among.selectedIndex - 1];
  }

  /** Adds networks to choose from. */
  add(...choices: readonly Choice[]): void {
    this.#choices.push(...choices);
    this.#select.append(...choices.map(({ title }) => make("option", { textContent: title })));
  }

  /** Chooses a network as a user would. */
  choose(choice: Choice): void {
    this.#select.selectedIndex = this.#choices.indexOf(choice);
    this.#onChange(choice);
  }

  /** Shows which one is asked now. */
  async show({ title, hint, collections = [] }: Choice, facts: Facts): Promise<void> {
    this.#facts = facts;
    find("#among-field", HTMLElement).hidden = collections.length === 0;
    const names = collections.map(({ name, first, end }) => `${name}: ${formatCount(end - first)} classes`);
    const options = ["anything it knows", ...names];
    this.#among.replaceChildren(...options.map((textContent) => make("option", { textContent })));
    const { classes, side, isColour, licence } = facts;
    find("#facts", HTMLElement).textContent = [
      hint,
      `It sees ${isColour ? "colours" : "greys"}, ${side} × ${side} pixels.`,
      licence === undefined ? "" : `Terms: ${licence}.`,
    ].filter((part) => part !== "").join(" ");
    find("#network-name", HTMLElement).textContent = title;
    const list = classes.slice(0, FEW).join(", ");
    const more = classes.length > FEW ? `, and ${formatCount(classes.length - FEW)} more` : "";
    find("#classes", HTMLElement).textContent = `${formatCount(classes.length)} classes: ${list}${more}`;
    find("#class-names", HTMLDataListElement).replaceChildren(...classes.map((value) => make("option", { value })));
    await this.#drawCells();
  }

  /** Cells are drawn by code that is loaded when somebody wants to see them. */
  async #drawCells(): Promise<void> {
    const cells = this.#facts?.cells;
    if (!this.#details.open || cells === undefined) return;
    const { renderCells } = await import("../src/report/cell_diagram.ts");
    find("#cells-drawn", HTMLElement).innerHTML = renderCells(cells);
  }
}
