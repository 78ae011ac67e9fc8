import type { Mistake } from "../stages/mod.ts";
import { escapeHtml } from "./html.ts";

/** A PNG within the page: whatever else a file holds is no picture for it. */
const PICTURE = /^data:image\/png;base64,[A-Za-z0-9+/]+=*$/;

/**
 * Shows the wrong answers of which a network was surest, picture by picture.
 *
 * @param mistakes The answers.
 * @returns An HTML element; an empty text if there are none.
 */
export function renderMistakes(mistakes: readonly Mistake[]): string {
  if (mistakes.length === 0) return "";
  return `<ul class="panel gallery">${mistakes.map(renderMistake).join("\n")}</ul>`;
}

function renderMistake({ image, true: name, predicted, probability, picture }: Mistake): string {
  const drawn = picture !== undefined && PICTURE.test(picture)
    ? `<img src="${picture}" alt="test image ${Number(image)}" title="test image ${Number(image)}"/>`
    : `<span class="missing">image ${Number(image)}</span>`;
  const sure = (100 * probability).toFixed(probability > 0.995 && probability < 1 ? 1 : 0);
  return `<li>${drawn}<span>true <b>${escapeHtml(name)}</b>,<br/>said <b>${
    escapeHtml(predicted)
  }</b> ${sure} %</span></li>`;
}
