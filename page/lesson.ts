/** A class and its examples. */
export interface LessonClass<Example> {
  /** Its name. */
  readonly name: string;
  /** What shows it, in the order in which it was added. */
  readonly examples: readonly Example[];
}

/** Fewest pictures of a class: one is learnt from, one tells how well. */
const FEWEST = 2;

/** What a network is to learn: classes of the user's own, with examples. */
export class Lesson<Example> {
  readonly #classes = new Map<string, Example[]>();

  /** The classes, in the order in which they were begun. */
  get classes(): LessonClass<Example>[] {
    return Array.from(this.#classes, ([name, examples]) => ({ name, examples }));
  }

  /**
   * Adds examples of a class.
   *
   * @param name Name of the class; spaces around it do not count.
   * @param examples What shows it.
   * @throws {RangeError} If the name is empty.
   */
  add(name: string, examples: readonly Example[]): void {
    const key = name.trim();
    if (key === "") throw new RangeError("Cannot add an example: its class has no name");
    this.#classes.set(key, [...this.#classes.get(key) ?? [], ...examples]);
  }

  /** Takes an example away; a class without any goes, too. */
  remove(name: string, example: Example): void {
    const left = (this.#classes.get(name) ?? []).filter((one) => one !== example);
    if (left.length === 0) this.#classes.delete(name);
    else this.#classes.set(name, left);
  }

  /** Takes a class away. */
  removeClass(name: string): void {
    this.#classes.delete(name);
  }

  /** What is missing before it can be learnt, as a sentence; nothing if it can. */
  get missing(): string | undefined {
    const { classes } = this;
    if (classes.length < 2) return `Add pictures of ${classes.length === 0 ? "two classes or more" : "another class"}.`;
    const poor = classes.find(({ examples }) => examples.length < FEWEST);
    return poor && `Add another picture of “${poor.name}”: each class needs two, and ten are better.`;
  }

  /** All examples, and the name of the class of each. */
  listAll(): { examples: Example[]; labels: string[] } {
    const pairs = this.classes.flatMap(({ name, examples }) => examples.map((example) => [example, name] as const));
    return { examples: pairs.map(([example]) => example), labels: pairs.map(([, label]) => label) };
  }
}
