import type { Inspection, InspectionPictures } from "../data/mod.ts";
import { type BarChart, renderBarChart } from "./bar_chart.ts";
import { renderContactSheet } from "./contact_sheet.ts";
import { escapeHtml } from "./html.ts";
import { renderTable } from "./html_table.ts";
import { judgeInspection } from "./inspection_verdict.ts";
import { renderFigures, renderPage, renderPanel, renderSection } from "./page.ts";
import { nameOf } from "./words.ts";

/**
 * Renders an inspection as a page of its own: leaks and conflicts first, side by side, then counts, sizes and pictures of each class.
 *
 * @param inspection What was found.
 * @param pictures Small pictures of classes and duplicates.
 * @param path The dataset as the user named it.
 * @returns The whole document.
 */
export function renderInspection(inspection: Inspection, pictures: InspectionPictures, path: string): string {
  const { unreadable } = inspection;
  return renderPage({
    title: `Inspection of ${nameOf(path)}`,
    verdict: judgeInspection(inspection, path),
    madeBy: `deno task data inspect ${path} --html FILE`,
    parts: [
      renderFigures(figuresOf(inspection)),
      renderDuplicates(inspection, pictures),
      renderSection(
        "Counts and sizes",
        `<div class="grid2">${charts(inspection).map(renderBarChart).join("\n")}</div>`,
      ),
      renderSection("Classes", pictures.classes.map(renderClass).join("\n"), "Some of each, evenly spread."),
      unreadable.length === 0 ? "" : renderSection(
        "Unreadable",
        renderPanel(renderTable([
          ["file", "class", "part", "reason"],
          ...unreadable.slice(0, 200).map(({ name, class: of, part, reason }) => [name, of, part, reason]),
        ])),
        "They are left out when the dataset is imported.",
      ),
    ],
  });
}

function figuresOf({ images, classes, duplicates, imbalance, sizes }: Inspection): [string, string][] {
  const count = (number: number) => number.toLocaleString("en");
  return [
    [count(images.readable), "images"],
    [count(classes.length), "classes"],
    [count(images.unreadable), "unreadable"],
    [count(duplicates.leaks), "leaks"],
    [count(duplicates.superfluous), "duplicates"],
    [`${imbalance.toFixed(1)} : 1`, "largest to smallest class"],
    [`${sizes.shortSide.median} px`, "median shorter side"],
  ];
}

function charts({ classes, sizes, types, colour }: Inspection): BarChart[] {
  const parts = (["train", "validation", "test"] as const).filter((part) => classes.some((of) => of[part] > 0));
  const sorted = [...classes].sort((a, b) => b.train - a.train);
  const single = (name: string, count: number) => ({ name, counts: [count] });
  return [
    {
      title: "Images a class",
      unit: sorted.length > 40 ? "the 20 largest and the 20 smallest" : "",
      parts,
      bars: (sorted.length > 40 ? [...sorted.slice(0, 20), ...sorted.slice(-20)] : sorted)
        .map((of) => ({ name: of.name, counts: parts.map((part) => of[part]) })),
    },
    {
      title: "Shorter side of the pictures",
      unit: "pixels, as in the files",
      parts: ["pictures"],
      bars: sizes.histogram.map(({ from, below, count }) => single(`${from} to ${below - 1}`, count)),
    },
    {
      title: "Types of files",
      unit: "",
      parts: ["pictures"],
      bars: Object.entries(types).map(([type, count]) => single(type, count)),
    },
    {
      title: "Grey or in colour",
      unit: "",
      parts: ["pictures"],
      bars: [single("grey", colour.grey), single("colour", colour.colour)],
    },
  ].filter(({ bars }) => bars.length > 0);
}

type Shown = InspectionPictures["groups"][number];

function renderDuplicates({ duplicates }: Inspection, { groups }: InspectionPictures): string {
  if (groups.length === 0) return "";
  const kinds = [
    ["Leaks: learnt and tested on", ({ isLeak }) => isLeak],
    ["The same picture in two classes", ({ isLeak, isConflict }) => !isLeak && isConflict],
    ["Duplicates", ({ isLeak, isConflict }) => !isLeak && !isConflict],
  ] as const satisfies readonly (readonly [string, (group: Shown["group"]) => boolean])[];
  const all = duplicates.groups;
  return kinds.map(([title, belongs]) => {
    const shown = groups.filter(({ group }) => belongs(group));
    const count = all.filter(belongs).length;
    const note = `${count.toLocaleString("en")} ${count === 1 ? "group" : "groups"}` +
      (count > shown.length ? `, of which ${shown.length} are shown; --json names all.` : ".");
    const content = shown.map(renderGroup).join("\n");
    return renderSection(title, content === "" ? "" : `<div class="twins">${content}</div>`, note);
  }).filter((section) => section !== "").join("\n");
}

function renderGroup({ group, samples }: Shown): string {
  const figures = group.images.map(({ name, part, class: of }, i) => {
    const sample = samples[i];
    const image = sample === undefined ? "" : renderImage(renderContactSheet([[sample]]), name);
    return `<figure>${image}<figcaption><b>${escapeHtml(of)}</b> · ${part}<br>${
      escapeHtml(name)
    }</figcaption></figure>`;
  });
  const kind = group.kind === "exact" ? "the same bytes" : "resized or encoded anew";
  return `<div class="panel twin"><p class="unit">${kind}</p><div class="pictures">${figures.join("")}</div></div>`;
}

function renderClass({ name, samples }: InspectionPictures["classes"][number]): string {
  if (samples.length === 0) return "";
  const strip = renderImage(renderContactSheet([samples]), `Images of ${name}`);
  return `<figure class="panel strip"><figcaption>${escapeHtml(name)}</figcaption>${strip}</figure>`;
}

function renderImage(png: Uint8Array, description: string): string {
  return `<img src="data:image/png;base64,${png.toBase64()}" alt="${escapeHtml(description)}">`;
}
