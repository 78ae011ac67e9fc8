import type { Inspection, NamedGroup } from "../data/mod.ts";
import { judgeInspection } from "./inspection_verdict.ts";
import { formatTable } from "../text/mod.ts";

/** So many lines of each kind are shown at most, that all fit on a screen. */
const shown = { classes: 10, groups: 4, unreadable: 3 } as const;

/**
 * Words an inspection for a terminal: at most 40 lines, what spoils results first.
 *
 * @param inspection What was found.
 * @param path The dataset as the user named it.
 * @returns The lines.
 */
export function summariseInspection(inspection: Inspection, path: string): string {
  const { headline, sentences, warnings, next } = judgeInspection(inspection, path);
  const { unreadable, duplicates } = inspection;
  return [
    headline,
    ...sentences,
    ...warnings.map((warning) => `! ${warning}`),
    "",
    tabulateClasses(inspection),
    ...list("the same pictures", duplicates.groups.map(describeGroup), shown.groups),
    ...list("unreadable", unreadable.map(({ reason }) => reason), shown.unreadable),
    "",
    ...(inspection.fingerprint === undefined ? [] : [`fingerprint: ${inspection.fingerprint}`]),
    `next: ${next.join("; ")}`,
  ].join("\n");
}

/** Classes with the most and the fewest images to learn from, where there are many. */
function tabulateClasses({ classes }: Inspection): string {
  const hasValidation = classes.some(({ validation }) => validation > 0);
  const heading = ["class", "train", ...(hasValidation ? ["validation"] : []), "test"];
  const row = ({ name, train, validation, test }: Inspection["classes"][number]) =>
    [name, train, ...(hasValidation ? [validation] : []), test].map((cell) => cell.toLocaleString("en"));
  if (classes.length <= shown.classes) return formatTable([heading, ...classes.map(row)]);
  const sorted = [...classes].sort((a, b) => b.train - a.train);
  const half = shown.classes / 2;
  const left = `… ${classes.length - shown.classes} more`;
  return formatTable([heading, ...sorted.slice(0, half).map(row), [left], ...sorted.slice(-half).map(row)]);
}

function describeGroup({ kind, images, isLeak, isConflict }: NamedGroup): string {
  const tags = [kind, ...(isLeak ? ["LEAK"] : []), ...(isConflict ? ["other class"] : [])].join(", ");
  const two = images.slice(0, 2).map((image) => `${image.name} (${isConflict ? image.class : image.part})`).join(" = ");
  return `${two}${images.length > 2 ? ` and ${images.length - 2} more` : ""}: ${tags}`;
}

function list(title: string, lines: readonly string[], most: number): string[] {
  if (lines.length === 0) return [];
  const more = lines.length - most;
  const rest = more > 0 ? [`  … ${more.toLocaleString("en")} more: --json or --html has all`] : [];
  return ["", `${title}:`, ...lines.slice(0, most).map((line) => `  ${line}`), ...rest];
}
