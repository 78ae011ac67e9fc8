import type { Command } from "../command.ts";
import type { Flag } from "../flag.ts";
import { hasValue, HELP, nextWords, PROGRAMS, valuesOf } from "./words.ts";

/**
 * Words the completion for fish: commands and flags with what they do.
 *
 * @param commands Commands that there are.
 * @returns A script for `source`.
 */
export function completionForFish(commands: readonly Command[]): string {
  const [program, ...others] = PROGRAMS;
  const next = Array.from(nextWords(commands)).flatMap(([before, words]) =>
    words.map(({ word, summary }) =>
      complete(program, `__rootstock_at ${before}`.trimEnd(), `-f -a ${quote(word)}`, summary)
    )
  );
  const flags = commands.flatMap(({ name, flags }) => [
    ...Object.entries(flags).map(([flag, row]) =>
      complete(program, `__rootstock_in ${name}`, `-l ${flag}${optionsOf(row)}`, row.help)
    ),
    complete(program, `__rootstock_in ${name}`, `-l ${HELP.name}`, HELP.help),
  ]);
  return `# Completion of rootstock for fish: rootstock completion fish | source
function __rootstock_words
  set -l words (commandline -opc)
  set -e words[1]
  for word in $words
    string match -q -- '-*' $word; and break
    echo $word
  end
end
function __rootstock_at
  set -l words (__rootstock_words)
  test "$words" = "$argv"
end
function __rootstock_in
  set -l words (__rootstock_words)
  string match -q -- "$argv *" "$words "
end
${[...next, ...flags, ...others.map((other) => `complete -c ${other} -w ${program}`)].join("\n")}
`;
}

function complete(program: string, condition: string, what: string, words: string | undefined): string {
  const described = words === undefined ? "" : ` -d ${quote(words)}`;
  return `complete -c ${program} -n ${quote(condition)} ${what}${described}`;
}

/** How a flag is followed by its value: one of those listed, or a file, or whatever it is. */
function optionsOf(flag: Flag): string {
  const values = valuesOf(flag);
  if (values.length > 0) return ` -x -a ${quote(values.join(" "))}`;
  return hasValue(flag) ? " -r" : "";
}

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
