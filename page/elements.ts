/**
 * Finds an element of the page.
 *
 * @param selector Which one.
 * @param kind What it must be.
 * @returns The element.
 * @throws {TypeError} If the page has none, or it is another kind.
 */
export function find<Kind extends Element>(selector: string, kind: new () => Kind): Kind {
  const element = document.querySelector(selector);
  if (element instanceof kind) return element;
  throw new TypeError(`Cannot find ${selector} as ${kind.name}`);
}

/**
 * Makes an element.
 *
 * @param tag What it is.
 * @param properties Its properties, `className` and `textContent` among them.
 * @param children What it contains.
 * @returns The element.
 */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]> = {},
  children: readonly (Node | string)[] = [],
): HTMLElementTagNameMap[Tag] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}
