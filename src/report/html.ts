/**
 * Writes text for a place in HTML or SVG, also inside of quoted attributes.
 *
 * @param text Any text.
 * @returns The same with the five special characters as entities.
 */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A number for SVG coordinates: a tenth of a pixel is more than enough. */
export function coordinate(value: number): string {
  return String(Math.round(value * 10) / 10);
}
